import { STAGES } from '../../../../schema/vocabulary.ts';
import type { About, Field } from '../field.ts';
import { numberField, textField, timeField, yesField } from '../shapes.ts';

/** What is kept beside a customer's stage (0015), nothing of it for who was not looked at yet. */
const kept = (column: string): string => `ifnull((SELECT s.${column} FROM standing s WHERE s.customer_id = c.id), 0)`;

const counted = (about: Omit<About, 'group' | 'isAlwaysKnown'>, column: string): Field =>
  numberField({ ...about, group: 'Stage', isAlwaysKnown: true }, kept(column));
const said = (about: Omit<About, 'group' | 'isAlwaysKnown'>, column: string): Field =>
  yesField({ ...about, group: 'Stage', isAlwaysKnown: true }, kept(column));

/** The stage of the relationship, and what the rules of stages ask besides. */
export const stageFields: readonly Field[] = [
  {
    ...textField(
      {
        name: 'stage',
        aliases: ['relationship stage'],
        title: 'Stage',
        help: `The stage of the relationship: ${STAGES.join(', ')}.`,
        example: 'stage = commitment',
        group: 'Stage',
        choices: STAGES,
      },
      'c.stage',
    ),
    kind: 'choice',
  },
  timeField(
    {
      name: 'stage since',
      aliases: ['in stage since', 'stage changed'],
      title: 'Stage since',
      help: 'When the present stage began.',
      example: 'stage since within 30 days',
      group: 'Stage',
    },
    'c.stage_since',
  ),
  counted(
    {
      name: 'two-way contacts',
      aliases: ['conversations', 'talks'],
      title: 'Two-way contacts',
      help: 'Contacts in which they said something: messages, answers, forms, calls, meetings.',
      example: 'two-way contacts >= 1',
    },
    'two_way',
  ),
  counted(
    {
      name: 'subscriptions',
      aliases: ['active subscriptions', 'contracts'],
      title: 'Subscriptions',
      help: 'How many subscriptions run.',
      example: 'subscriptions >= 1',
    },
    'subscriptions',
  ),
  counted(
    {
      name: 'referrals',
      aliases: ['recommendations'],
      title: 'Referrals',
      help: 'How often they sent somebody to us: touchpoints of a kind such as referral_made.',
      example: 'referrals >= 1',
    },
    'referrals',
  ),
  said(
    {
      name: 'account closed',
      aliases: ['closed account'],
      title: 'Account closed',
      help: 'They have closed their account and not bought again.',
      example: 'account closed',
    },
    'is_closed',
  ),
  said(
    {
      name: 'unsubscribed',
      aliases: ['unsubscribed from all'],
      title: 'Unsubscribed',
      help: 'They want no more messages on any way we write to them, and have not bought again.',
      example: 'unsubscribed',
    },
    'is_unsubscribed',
  ),
  said(
    {
      name: 'complaint lost',
      aliases: ['lost complaint'],
      title: 'Complaint lost',
      help: 'A complaint ended without a solution, and they have not bought again.',
      example: 'complaint lost',
    },
    'is_complaint_lost',
  ),
];
