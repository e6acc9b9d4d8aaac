import type { Action } from '../action.ts';

export default {
  id: 'raise_attention',
  title: 'Put it before a person',
  write: (db, causes, now) => [
    db
      .prepare(
        `INSERT INTO attention (touchpoint_seq, rule, fragment_id, raised_at)
         SELECT c.value ->> 'seq', c.value ->> 'rule', c.value ->> 'fragmentId', ?2 FROM json_each(?1) c WHERE true
         ON CONFLICT (touchpoint_seq, rule) DO NOTHING`,
      )
      .bind(JSON.stringify(causes), now),
  ],
} satisfies Action;
