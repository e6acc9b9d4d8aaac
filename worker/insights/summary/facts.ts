import { questionKinds } from '../../../schema/questions.gen.ts';
import type { CustomerRecord } from '../../record/customer.ts';
import type { Facts } from './summary.ts';

/** What a record is summed up from, at `now` (epoch ms) or at the past moment it is of. */
export function factsOf(record: CustomerRecord, now: number): Facts {
  const { stats, scores, firstOrderAt, lastContact } = record;
  const scaled = scores.flatMap(({ kind, score, answeredAt }) => {
    const max = questionKinds.find((question) => question.kind === kind)?.scale?.max;
    return max === undefined ? [] : [{ score, max, answeredAt }];
  });
  const latest = scaled.reduce<(typeof scaled)[number] | null>(
    (best, one) => (best && best.answeredAt >= one.answeredAt ? best : one),
    null,
  );
  const isCustomer = record.party === 'customer';
  return {
    isCustomer,
    since: (isCustomer ? firstOrderAt : null) ?? stats.firstTouchpointAt,
    orders: stats.orders,
    revenue: stats.revenue,
    last: lastContact,
    score: latest && { score: latest.score, max: latest.max },
    open: record.attention.length,
    now: record.at ?? now,
    isPastDay: record.at !== null,
  };
}
