import type { Basis, Figure, Standing } from './standing.ts';

/** What a field says of a person at a moment; several times for what happens again and again. Null: nothing is known. */
export type Reading = number | boolean | readonly number[] | null;

/** A field that can be read for any day of the past, since touchpoints say it. Its name is that of the field of segments. */
type Dated = {
  readonly read: (standing: Standing, now: number, argument: string | null) => Reading;
  readonly basis: (standing: Standing, argument: string | null) => Basis | null;
  /** Where the value grows with time alone: when it reaches an amount, epoch ms, perhaps between two of them. */
  readonly reaches?: (standing: Standing, amount: number) => number | null;
};

const dated = (figure: Figure, read: Dated['read']): Dated => ({ read, basis: (standing) => standing.basisOf(figure) });
const scored = (kind: string): Dated => dated(`score ${kind}`, ({ scores }) => scores.get(kind) ?? null);
/** A kind as it is asked for, in the words of touchpoints. */
const kindOf = (argument: string | null): string => (argument ?? '').toLowerCase().replaceAll(/[\s-]/g, '_');

const FIELDS: Readonly<Record<string, Dated>> = {
  touchpoints: dated('seen', ({ touchpoints }) => touchpoints),
  'first touchpoint': dated('seen', ({ firstAt }) => firstAt),
  'last touchpoint': dated('seen', ({ lastAt }) => lastAt),
  'two-way contacts': dated('two_way', ({ twoWay }) => twoWay),
  orders: dated('orders', ({ orders }) => orders.count),
  'first order': dated('orders', ({ orders }) => orders.firstAt),
  'last order': { read: ({ orders }) => orders.lastAt, basis: (standing) => standing.basisOfLastOrder() },
  overdue: {
    read: ({ orders }, now) => orders.overdueAt(now),
    basis: (standing) => standing.basisOfLastOrder(),
    reaches: ({ orders }, amount) => orders.overdueBy(amount),
  },
  subscriptions: dated('subscriptions', ({ subscriptions }) => subscriptions.size),
  referrals: dated('referrals', ({ referrals }) => referrals),
  nps: scored('nps'),
  csat: scored('csat'),
  ces: scored('ces'),
  'account closed': dated('closed', ({ isClosed }) => isClosed),
  unsubscribed: dated('unsubscribed', ({ isUnsubscribed }) => isUnsubscribed),
  'complaint lost': dated('complaint', ({ isComplaintLost }) => isComplaintLost),
  happened: {
    read: (standing, _now, argument) => standing.timesOf(kindOf(argument)),
    basis: (standing, argument) => standing.basisOf(`kind ${kindOf(argument)}`),
  },
};

/** Names of the fields that stages can ask. */
export const DATED_FIELDS: readonly string[] = Object.keys(FIELDS);

/** @throws RangeError for a field that has no past; rules of stages are read without those (`rules.ts`). */
export function datedField(name: string): Dated {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (!field) throw new RangeError(`the field "${name}" cannot be read for a day of the past`);
  return field;
}
