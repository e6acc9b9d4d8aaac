import type { Action } from '../action.ts';

export default {
  id: 'tell_owner',
  title: 'Tell whoever looks after the customer',
  write: (db, causes, now) => [
    db
      .prepare(
        // Whoever looks after them when it is read, and is still there.
        `INSERT INTO notice (cause, rule, member_id, fragment_id, touchpoint_seq, told_at)
         SELECT coalesce(c.value ->> 'subject', 'tp:' || (c.value ->> 'seq')), c.value ->> 'rule', s.id, f.id, c.value ->> 'seq', ?2
         FROM json_each(?1) c CROSS JOIN fragment f ON f.id = c.value ->> 'fragmentId' CROSS JOIN customer k ON k.id = f.customer_id
         CROSS JOIN staff_member s ON s.public_id = k.owner AND s.is_active = 1 WHERE true
         ON CONFLICT (cause, rule, member_id) DO NOTHING`,
      )
      .bind(JSON.stringify(causes), now),
  ],
} satisfies Action;
