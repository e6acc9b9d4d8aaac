import type { Money } from '../../../schema/money.ts';
import { CUSTOMER, definePart } from './part.ts';

/** What the contacts that somebody handled took, and what they cost where that is known. */
export type Effort = { readonly contacts: number; readonly minutes: number; readonly cost: readonly Money[] };

type EffortRow = { currency: string | null; cost: number | null; contacts: number; minutes: number | null };

/** By an index that holds contacts by hand alone: a long history of webhooks is not read for it. */
const effortUntil = (
  until: string,
): string => `SELECT t.cost_currency AS currency, sum(t.cost_minor) AS cost, count(*) AS contacts, sum(t.data ->> 'minutes') AS minutes
  FROM fragment f CROSS JOIN touchpoint t INDEXED BY touchpoint_handled ON t.fragment_id = f.id AND t.handler IS NOT NULL
  WHERE f.customer_id = ${CUSTOMER}${until} GROUP BY t.cost_currency ORDER BY t.cost_currency`;

const effortOf = (rows: readonly EffortRow[]): Effort => ({
  contacts: rows.reduce((sum, { contacts }) => sum + contacts, 0),
  minutes: rows.reduce((sum, { minutes }) => sum + (minutes ?? 0), 0),
  cost: rows.flatMap(({ currency, cost }) =>
    currency === null || cost === null ? [] : [{ amountMinor: cost, currency }],
  ),
});

export const effort = definePart({ now: effortUntil(''), past: effortUntil(' AND t.occurred_at <= ?2') }, effortOf);
