/**
 * What was sold, line by line: kept by reading the touchpoint log from a cursor of its own, off the write path. A step takes
 * the orders that the next touchpoints are about and writes their lines as they stand now, so that neither the order of
 * updates nor their repetition matters. Emptying `order_line` and the cursor builds everything anew.
 */

const CURSOR = 'products';
/** Touchpoints read in one step; the rest follow in the next. */
const STEP = 1000;

const AT = `coalesce((SELECT seq FROM log_cursor WHERE name = '${CURSOR}'), 0)`;

/** Orders that something was heard of; and their lines, where the order counts. A refund is spread over the lines. */
const NEWS = `WITH news (source_id, external_id) AS MATERIALIZED (
    SELECT DISTINCT t.source_id, substr(t.subject, 7) FROM touchpoint t
    WHERE t.seq > ${AT} AND t.seq <= ${AT} + ${STEP} AND t.subject LIKE 'order:%'),
  line AS (
    SELECT o.source_id, o.external_id, l.key AS line_no, o.fragment_id, o.currency, ifnull(o.as_of, 0) AS as_of,
      nullif(trim(l.value ->> 'sku'), '') AS sku, nullif(trim(l.value ->> 'title'), '') AS title,
      CAST(ifnull(l.value ->> 'quantity', 0) AS REAL) AS quantity, CAST(ifnull(l.value ->> 'amountMinor', 0) AS INTEGER) AS amount,
      o.total_minor AS total, o.refunded_minor AS refunded
    FROM news n CROSS JOIN orders o ON o.source_id = n.source_id AND o.external_id = n.external_id
    CROSS JOIN json_each(o.lines) l
    WHERE o.counts = 1 AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)),
  due AS MATERIALIZED (
    SELECT *, iif(sku IS NULL, 'title:' || lower(ifnull(title, '')), 'sku:' || lower(sku)) AS key,
      iif(total > 0 AND refunded > 0, CAST(round(1.0 * amount * (total - refunded) / total) AS INTEGER), amount) AS net
    FROM line)`;

const PRODUCTS = `${NEWS}
  INSERT INTO product (key, sku, title, title_as_of)
  SELECT key, sku, coalesce(title, sku, 'No title'), max(as_of) FROM due WHERE true GROUP BY key
  ON CONFLICT (key) DO UPDATE SET sku = excluded.sku, title = excluded.title, title_as_of = excluded.title_as_of
  WHERE excluded.title_as_of > product.title_as_of`;

const GONE = `${NEWS}
  DELETE FROM order_line WHERE (source_id, external_id) IN (SELECT source_id, external_id FROM news)
    AND (source_id, external_id, line_no) NOT IN (SELECT source_id, external_id, line_no FROM due)`;

const LINES = `${NEWS}
  INSERT INTO order_line (source_id, external_id, line_no, product_id, fragment_id, quantity, amount_minor, net_minor, currency)
  SELECT d.source_id, d.external_id, d.line_no, p.id, d.fragment_id, d.quantity, d.amount, d.net, d.currency
  FROM due d CROSS JOIN product p ON p.key = d.key WHERE true
  ON CONFLICT (source_id, external_id, line_no) DO UPDATE SET
    product_id = excluded.product_id, fragment_id = excluded.fragment_id, quantity = excluded.quantity,
    amount_minor = excluded.amount_minor, net_minor = excluded.net_minor, currency = excluded.currency
  WHERE (product_id, fragment_id, quantity, amount_minor, net_minor, currency) IS NOT
    (excluded.product_id, excluded.fragment_id, excluded.quantity, excluded.amount_minor, excluded.net_minor, excluded.currency)`;

const MOVE = `INSERT INTO log_cursor (name, seq)
  SELECT '${CURSOR}', min(${AT} + ${STEP}, ifnull(max(seq), 0)) FROM touchpoint
  WHERE true ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)`;

/**
 * Follows the log one step: the lines and the moved cursor are one batch that reads what it writes from, so that two that run
 * at once do no harm. True when there may be more to read.
 */
export async function followOrders(db: D1Database): Promise<boolean> {
  const state = await db
    .prepare(`SELECT ifnull((SELECT max(seq) FROM touchpoint), 0) - ${AT} AS behind`)
    .first<{ behind: number }>();
  const behind = state?.behind ?? 0;
  if (behind <= 0) return false;
  await db.batch([PRODUCTS, GONE, LINES, MOVE].map((sql) => db.prepare(sql)));
  return behind > STEP;
}

/** Forgets what was followed; the next runs of `followOrders` build it anew. Products and their costs stay. */
export const forgetLines = (db: D1Database) =>
  db.batch([
    db.prepare('DELETE FROM order_line'),
    db.prepare('DELETE FROM product_total'),
    db.prepare('DELETE FROM log_cursor WHERE name = ?1').bind(CURSOR),
  ]);
