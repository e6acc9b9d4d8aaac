import type { Field } from '../field.ts';
import { timeField, yesField } from '../shapes.ts';

/** Kinds of message from a customer that a person would answer, and of ours that answer. */
const ASKED = "'email_received', 'sms_received', 'message_received'";
const ANSWERED = "'email_sent', 'sms_sent', 'message_sent'";

/** The latest message of the customer, unless one of ours is later. */
const WAITING_SINCE = `(SELECT max(t.occurred_at) FILTER (WHERE t.kind IN (${ASKED}))
    * nullif(max(t.occurred_at) FILTER (WHERE t.kind IN (${ASKED})) > ifnull(max(t.occurred_at) FILTER (WHERE t.kind IN (${ANSWERED})), 0), 0)
  FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id AND t.channel IN ('email', 'sms', 'messenger')
  WHERE f.customer_id = c.id)`;

export const openFields: readonly Field[] = [
  yesField(
    {
      name: 'open attention',
      aliases: ['attention', 'needs attention', 'attention open'],
      title: 'Open attention',
      help: 'Something about them asks for a person and nobody has seen to it.',
      example: 'open attention',
      group: 'Open',
      isAlwaysKnown: true,
    },
    'c.id IN (SELECT f.customer_id FROM attention a CROSS JOIN fragment f ON f.id = a.fragment_id WHERE a.closed_at IS NULL)',
  ),
  timeField(
    {
      name: 'waiting since',
      aliases: ['conversation waiting', 'waits since', 'waiting for an answer'],
      title: 'Waiting since',
      help: 'When they wrote last, if nothing of ours came after it.',
      example: 'waiting since before 1 day',
      group: 'Open',
    },
    WAITING_SINCE,
  ),
];
