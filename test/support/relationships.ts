import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { append } from '../../worker/record/append.ts';
import { followStages } from '../../worker/record/stages/follow.ts';
import { fc } from './chance.ts';
import { stillClock } from './record.ts';

/** Small relationships in which all that stages rest on turns up: orders, cancellations, subscriptions, answers, endings. */
export const DAY = 24 * 3600 * 1000;
export const BEGIN = Date.UTC(2026, 0, 1);

const KINDS = [
  ...[
    'page_viewed',
    'form_submitted',
    'call_logged',
    'email_sent',
    'email_unsubscribed',
    'sms_sent',
    'sms_unsubscribed',
  ],
  ...['email_subscribed', 'subscription_started', 'subscription_cancelled', 'account_closed', 'customer_created'],
  ...[
    'complaint_lost',
    'referral_made',
    'order_placed',
    'order_placed',
    'order_placed',
    'order_cancelled',
    'survey_answered',
  ],
] as const;

export type Event = {
  readonly person: number;
  readonly kind: (typeof KINDS)[number];
  readonly hour: number;
  /** Which order or subscription it is about, or the score. */
  readonly number: number;
  readonly isOurs: boolean;
};

export const events = (people: number, maxLength: number): fc.Arbitrary<Event[]> =>
  fc.array(
    fc.record<Event>({
      person: fc.nat(people - 1),
      kind: fc.constantFrom(...KINDS),
      // Few hours, so that some happen at one moment.
      hour: fc.oneof(
        fc.nat(400),
        fc.nat(400).map((day) => day * 24),
      ),
      number: fc.nat(6),
      isOurs: fc.boolean(),
    }),
    { minLength: 1, maxLength },
  );

export function touchpointOf(
  { person, kind, hour, number, isOurs }: Event,
  index: number,
  salt: string,
): TouchpointInput {
  const at = BEGIN + hour * 3600 * 1000;
  const id = `${salt}-${person}-${number}`;
  const isOut = kind.endsWith('_sent');
  return {
    messageId: `${salt}-${index}`,
    kind,
    channel: 'shop',
    direction: isOut ? 'out' : 'in',
    initiator: isOut || isOurs ? 'company' : 'customer',
    occurredAt: at,
    ...(kind.startsWith('subscription_') && { subject: `subscription:${number % 2}` }),
    person: {
      key: `customer:${salt}-${person}`,
      identifiers: [{ kind: 'customer', value: `${salt}-${person}`, assurance: 'asserted' }],
      profile: { name: `Person ${person}` },
    },
    ...(kind.startsWith('order_') && {
      order: {
        id,
        asOf: at,
        total: { amountMinor: 1000, currency: 'EUR' },
        ...(kind === 'order_placed' ? { placedAt: at } : { cancelledAt: at }),
      },
    }),
    ...(kind === 'survey_answered' && {
      score: number + 4,
      answers: [{ question: 'q', kind: 'nps', score: number + 4, text: null }],
    }),
  };
}

/** Writes events in the order given, each as a delivery of its own or some together. */
export async function tell(
  db: D1Database,
  sourceId: number,
  list: readonly (Event & { readonly index: number })[],
  salt: string,
  now = BEGIN + 800 * DAY,
): Promise<void> {
  const rest = [...list];
  while (rest.length > 0) {
    const touchpoints = rest.splice(0, 7).map((event) => touchpointOf(event, event.index, salt));
    await append(db, stillClock(now), { sourceId, touchpoints });
  }
}

/** Works stages out until nothing is left to do at a moment. */
export async function settleStages(db: D1Database, now: number): Promise<void> {
  const clock = stillClock(now);
  for (let step = 0; step < 500 && (await followStages({ db, clock })); step++);
}

/** The course of each person of a source, by what sources call them; touchpoints by their message. */
export async function coursesOf(db: D1Database, sourceId: number): Promise<string> {
  const { results } = await db
    .prepare(
      `SELECT f.key, c.stage, c.stage_since, c.next_stage_at, (
         SELECT json_group_array(json_array(s.from_at, s.to_at, s.stage, s.version, s.initiator, s.because, s.reason, s.actor,
           (SELECT json_group_array(message_id ORDER BY message_id) FROM touchpoint t WHERE t.seq IN (SELECT value FROM json_each(s.evidence)))) ORDER BY s.from_at)
         FROM stage_change s WHERE s.customer_id = c.id) AS course,
         (SELECT json_array(two_way, subscriptions, referrals, is_closed, is_unsubscribed, is_complaint_lost) FROM standing g WHERE g.customer_id = c.id) AS standing
       FROM fragment f JOIN customer c ON c.id = f.customer_id WHERE f.source_id = ?1 ORDER BY f.key`,
    )
    .bind(sourceId)
    .all();
  return JSON.stringify(results, null, 1);
}
