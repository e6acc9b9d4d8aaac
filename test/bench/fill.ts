import type { Run } from '../support/sql.ts';

/**
 * Fills the record by SQL, past the doors: one customer to ten touchpoints, each with an address, an id and one order to two
 * touchpoints. The triggers of the schema keep the numbers; only what code works out (names, search) is written here.
 */
const STEP = 20_000;

const FIRST_NAMES = ['Mara', 'Ivan', 'Петя', 'Lena', 'Ника', 'Omar'];
/** What a filled customer is called, so that a webhook can bring nothing new of them. */
export const nameOf = (customer: number): string =>
  `${FIRST_NAMES[customer % 6]} ${String((customer * 7919) % 999_983).padStart(6, '0')}`;

const statements = (source: number, from: number, to: number): string[] => {
  const numbers = (low: number, high: number) =>
    `WITH RECURSIVE n (i) AS (SELECT ${low} UNION ALL SELECT i + 1 FROM n WHERE i < ${high - 1})`;
  const [first, last] = [from / 10, to / 10];
  const start = Date.UTC(2024, 0, 1);
  return [
    `${numbers(first, last)} INSERT INTO new_person (source_id, key, public_id, created_at)
       SELECT ${source}, 'customer:' || i, 'filled-' || i, ${start} FROM n`,
    `${numbers(from, to)} INSERT INTO touchpoint (source_id, message_id, fragment_id, delivery_id, kind, channel, direction, initiator, occurred_at,
         received_at, subject, value_minor, currency, data)
       SELECT ${source}, 'orders/paid:filled-' || i, f.id, 0, 'order_paid', 'shop', 'in', 'customer', ${start} + i * 1000, ${start} + i * 1000,
         'order:' || i, 4850, 'EUR', '{"externalId":"' || i || '","number":"#' || i || '","financialStatus":"paid"}'
       FROM n CROSS JOIN fragment f ON f.source_id = ${source} AND f.key = 'customer:' || (i / 10)`,
    `${numbers(first, last)} INSERT INTO identifier (kind, value, scope, fragment_id, assurance, may_link, first_at, last_at)
       SELECT k.column1, CASE k.column1 WHEN 'email' THEN 'filled' || i || '@bench.example' ELSE i END,
         CASE k.column1 WHEN 'email' THEN 0 ELSE ${source} END, f.id, 2, 1, ${start}, ${start}
       FROM n CROSS JOIN fragment f ON f.source_id = ${source} AND f.key = 'customer:' || i, (VALUES ('customer'), ('email')) k`,
    `${numbers(first, last)} INSERT INTO profile (fragment_id, field, value, assurance, at)
       SELECT f.id, 'name', substr('${FIRST_NAMES.join('')}', 1 + i % 6 * 4, 4) || ' ' || printf('%06d', i * 7919 % 999983), 2, ${start}
       FROM n CROSS JOIN fragment f ON f.source_id = ${source} AND f.key = 'customer:' || i`,
    `${numbers(from / 2, to / 2)} INSERT INTO orders (source_id, external_id, fragment_id, person_rank, person_as_of, number, as_of, total_minor, currency, placed_at)
       SELECT ${source}, 'filled-' || i, f.id, 3, ${start}, '#F' || i, ${start}, 4850, 'EUR', ${start} + i * 1000
       FROM n CROSS JOIN fragment f ON f.source_id = ${source} AND f.key = 'customer:' || (i / 5)`,
    'DELETE FROM person_work',
  ];
};

const NAMES = `UPDATE customer SET is_known = 1, display_name = (SELECT p.value FROM profile p WHERE p.fragment_id = customer.id AND p.field = 'name')
  WHERE public_id LIKE 'filled-%' AND is_known = 0`;
const SEARCH = `INSERT INTO customer_search (rowid, text)
  SELECT c.id, c.display_name || char(10) || (SELECT group_concat(i.value, char(10)) FROM identifier i WHERE i.fragment_id = c.id)
  FROM customer c WHERE c.public_id LIKE 'filled-%' AND c.id NOT IN (SELECT rowid FROM customer_search)`;

/** Brings the number of filled touchpoints from one figure to another. Both are multiples of ten. */
export async function fill(run: Run, source: number, from: number, to: number): Promise<void> {
  for (let low = from; low < to; low += STEP) {
    const sql = statements(source, low, Math.min(low + STEP, to));
    await run(sql.map((text) => ({ sql: text, values: [] })));
  }
  await run(
    [
      NAMES,
      SEARCH,
      "INSERT INTO log_cursor (name, seq) SELECT 'reactions', max(seq) FROM touchpoint WHERE true ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
    ].map((sql) => ({ sql, values: [] })),
  );
}
