/**
 * The numbers kept on customers, counted a second time from what they count, by other SQL than the worker's: rows that
 * differ have drifted. Also what must hold between tables whatever came in.
 */
type Query = <Row>(sql: string) => Promise<Row[]>;

export type Drift = {
  readonly customer: string;
  readonly what: string;
  readonly kept: string | number | null;
  readonly counted: string | number | null;
};

const TOUCHPOINTS = `
  WITH owned AS (SELECT f.customer_id AS id, t.occurred_at FROM touchpoint t JOIN fragment f ON f.id = t.fragment_id),
  counted AS (
    SELECT c.id, c.public_id, c.touchpoints, c.first_at, c.last_at,
      count(o.occurred_at) AS n, min(o.occurred_at) AS first, max(o.occurred_at) AS last
    FROM customer c LEFT JOIN owned o ON o.id = c.id GROUP BY c.id)
  SELECT public_id AS customer, 'touchpoints' AS what, touchpoints AS kept, n AS counted FROM counted WHERE touchpoints <> n
  UNION ALL SELECT public_id, 'first_at', first_at, first FROM counted WHERE first_at IS NOT first
  UNION ALL SELECT public_id, 'last_at', last_at, last FROM counted WHERE last_at IS NOT last`;

const ORDERS = `
  WITH refunded AS (
    SELECT o.source_id, o.external_id, coalesce(sum(r.amount_minor), 0) AS minor
    FROM orders o LEFT JOIN refund r ON r.source_id = o.source_id AND r.order_id = o.external_id
      AND (o.currency IS NULL OR r.currency = o.currency)
    GROUP BY o.source_id, o.external_id),
  counting AS (
    SELECT f.customer_id AS id, o.currency, max(0, o.total_minor - r.minor) AS net
    FROM orders o JOIN refunded r USING (source_id, external_id) JOIN fragment f ON f.id = o.fragment_id
    WHERE o.total_minor IS NOT NULL AND o.cancelled_at IS NULL AND o.is_void = 0
      AND (o.deleted_at IS NULL OR o.deleted_at < o.as_of)),
  money AS (SELECT id, currency, sum(net) AS net, count(*) AS n FROM counting GROUP BY id, currency),
  kept AS (
    SELECT c.id, m.value ->> 'currency' AS currency, m.value ->> 'amountMinor' AS net FROM customer c, json_each(c.revenue) m)
  SELECT c.public_id AS customer, 'orders' AS what, c.orders AS kept, coalesce(sum(m.n), 0) AS counted
    FROM customer c LEFT JOIN money m ON m.id = c.id GROUP BY c.id HAVING c.orders <> coalesce(sum(m.n), 0)
  UNION ALL SELECT c.public_id, 'revenue ' || m.currency, k.net, m.net
    FROM money m JOIN customer c ON c.id = m.id LEFT JOIN kept k ON k.id = m.id AND k.currency = m.currency
    WHERE k.net IS NOT m.net
  UNION ALL SELECT c.public_id, 'revenue ' || k.currency, k.net, m.net
    FROM kept k JOIN customer c ON c.id = k.id LEFT JOIN money m ON m.id = k.id AND m.currency = k.currency
    WHERE m.net IS NULL
  UNION ALL SELECT o.external_id, 'refunded', o.refunded_minor, r.minor
    FROM orders o JOIN refunded r USING (source_id, external_id) WHERE o.refunded_minor <> r.minor`;

const STANDING = `
  WITH shown AS (
    SELECT c.*, EXISTS (SELECT 1 FROM fragment f WHERE f.customer_id = c.id) AS holds,
      EXISTS (SELECT 1 FROM fragment f JOIN identifier i ON i.fragment_id = f.id
        WHERE f.customer_id = c.id AND i.kind <> 'anonymous_id') AS is_somebody
    FROM customer c)
  SELECT public_id AS customer, 'is_current' AS what, is_current AS kept, holds AS counted FROM shown WHERE is_current <> holds
  UNION ALL SELECT public_id, 'is_known', is_known, is_somebody FROM shown WHERE holds AND is_known <> is_somebody
  UNION ALL SELECT s.public_id, 'search', count(x.rowid), 1 FROM shown s LEFT JOIN customer_search x ON x.rowid = s.id
    WHERE s.holds AND s.is_known GROUP BY s.id HAVING count(x.rowid) <> 1
  UNION ALL SELECT public_id, 'search', 1, 0 FROM shown s JOIN customer_search x ON x.rowid = s.id WHERE NOT s.holds
  UNION ALL SELECT '#' || f.id, 'fragment without its customer', f.customer_id, NULL FROM fragment f
    WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = f.customer_id)`;

/** What customers are kept as, by a second reading of what staff said and of what was bought. */
const STATED = `
  WITH latest AS (
    SELECT f.customer_id AS id, e.field, e.value, row_number() OVER (PARTITION BY f.customer_id, e.field ORDER BY e.at DESC, e.id DESC) AS place
    FROM edit e JOIN fragment f ON f.id = e.fragment_id WHERE e.is_over = 0),
  said AS (SELECT id, field, value FROM latest WHERE place = 1 AND value IS NOT NULL),
  paid AS (SELECT DISTINCT f.customer_id AS id FROM touchpoint t JOIN fragment f ON f.id = t.fragment_id
    WHERE t.kind IN ('payment_succeeded', 'subscription_started', 'subscription_renewed')),
  counted AS (
    SELECT c.public_id, c.party, c.relationship, c.owner, r.value AS said_relationship, o.value AS said_owner,
      coalesce(p.value, CASE WHEN c.orders > 0 OR c.id IN (SELECT id FROM paid) THEN 'customer' ELSE 'prospect' END) AS is_party
    FROM customer c LEFT JOIN said p ON p.id = c.id AND p.field = 'party'
      LEFT JOIN said r ON r.id = c.id AND r.field = 'relationship' LEFT JOIN said o ON o.id = c.id AND o.field = 'owner')
  SELECT public_id AS customer, 'party' AS what, party AS kept, is_party AS counted FROM counted WHERE party <> is_party
  UNION ALL SELECT public_id, 'relationship', relationship, said_relationship FROM counted WHERE relationship IS NOT said_relationship
  UNION ALL SELECT public_id, 'owner', owner, said_owner FROM counted WHERE owner IS NOT said_owner`;

/** All that has drifted; empty when kept and counted agree everywhere. */
export async function drift(query: Query): Promise<Drift[]> {
  const found: Drift[] = [];
  for (const sql of [TOUCHPOINTS, ORDERS, STANDING, STATED]) found.push(...(await query<Drift>(sql)));
  return found;
}

/** A query function over a D1 database. */
export const queryOf =
  (db: D1Like): Query =>
  async <Row>(sql: string) =>
    (await db.prepare(sql).all<Row>()).results;

/** The little of D1 that is needed here: the types of the worker and of Miniflare both have it. */
export type D1Like = { prepare(sql: string): { all<Row>(): Promise<{ results: Row[] }> } };

/** How many rows each table holds that a refused request must leave as it was. */
export async function countRows(db: D1Like): Promise<Record<string, number>> {
  const tables = ['touchpoint', 'fragment', 'customer', 'identifier', 'profile', 'orders', 'refund', 'answer'];
  const sql = tables.map((table) => `(SELECT count(*) FROM ${table}) AS "${table}"`).join(', ');
  const [row] = await queryOf(db)<Record<string, number>>(`SELECT ${sql}`);
  return row ?? {};
}

/**
 * Lines of orders and the totals of products, counted a second time from the orders themselves. Wants the log followed to its
 * end. A refund is spread over the lines of its order by their share.
 */
const LINES = `
  WITH wanted AS (
    SELECT o.source_id || ' ' || o.external_id || ' ' || j.key AS line, o.fragment_id, o.currency,
      CASE WHEN trim(ifnull(json_extract(j.value, '$.sku'), '')) = '' THEN 'title:' || lower(trim(json_extract(j.value, '$.title')))
        ELSE 'sku:' || lower(trim(json_extract(j.value, '$.sku'))) END AS product,
      1.0 * json_extract(j.value, '$.quantity') AS quantity, ifnull(json_extract(j.value, '$.amountMinor'), 0) AS amount,
      o.total_minor AS total, o.refunded_minor AS back
    FROM orders o, json_each(o.lines) j
    WHERE o.total_minor IS NOT NULL AND o.cancelled_at IS NULL AND o.is_void = 0
      AND (o.deleted_at IS NULL OR o.deleted_at < o.as_of) AND (o.total_minor <= 0 OR o.refunded_minor < o.total_minor)),
  told AS (
    SELECT line, printf('%s %s %s %.3f %d %d', product, fragment_id, currency, quantity, amount,
      CASE WHEN back > 0 AND total > 0 THEN round(amount * ((total - back) * 1.0 / total)) ELSE amount END) AS facts FROM wanted),
  kept AS (
    SELECT l.source_id || ' ' || l.external_id || ' ' || l.line_no AS line,
      printf('%s %s %s %.3f %d %d', p.key, l.fragment_id, l.currency, l.quantity, l.amount_minor, l.net_minor) AS facts
    FROM order_line l LEFT JOIN product p ON p.id = l.product_id)
  SELECT coalesce(t.line, k.line) AS customer, 'line' AS what, k.facts AS kept, t.facts AS counted
  FROM told t FULL JOIN kept k ON k.line = t.line WHERE k.facts IS NOT t.facts`;

const PRODUCT_TOTALS = `
  WITH counted AS (
    SELECT product_id, currency, count(*) AS lines, sum(quantity) AS quantity, sum(net_minor) AS net FROM order_line GROUP BY product_id, currency)
  SELECT coalesce(t.product_id, c.product_id) || ' ' || coalesce(t.currency, c.currency) AS customer, 'total' AS what,
    printf('%d %.3f %d', t.lines, t.quantity, t.net_minor) AS kept, printf('%d %.3f %d', c.lines, c.quantity, c.net) AS counted
  FROM product_total t FULL JOIN counted c ON c.product_id = t.product_id AND c.currency = t.currency
  WHERE printf('%d %.3f %d', t.lines, t.quantity, t.net_minor) <> printf('%d %.3f %d', c.lines, c.quantity, c.net)`;

/** What has drifted of products; empty when the log was followed rightly. */
export async function productDrift(query: Query): Promise<Drift[]> {
  return [...(await query<Drift>(LINES)), ...(await query<Drift>(PRODUCT_TOTALS))];
}
