import { CONTACT, type CustomerItem, type CustomerRow, customerItem } from '../customers.ts';
import { PAYING_KINDS } from '../standing.ts';
import { CUSTOMER, type Part, rowsOf } from './part.ts';
import { PAST_ORDERS } from './past-orders.ts';

/** Who a record is of, with the numbers: as kept on the customer, and read off the log for a past moment. */
export type Head = CustomerItem & {
  /** Internal id. */
  readonly key: number;
  /** Of the moment asked for (epoch ms); null for now. */
  readonly at: number | null;
  /** First contact ever, epoch ms, whatever the moment asked for. */
  readonly knownSince: number | null;
};

const NOW = `SELECT c.*, ${CONTACT}, c.first_at AS known_since FROM customer c WHERE c.id = ${CUSTOMER}`;

/** What staff had said of a field of `c` by then that still stood. */
const said = (field: string): string =>
  `(SELECT e.value FROM fragment g CROSS JOIN edit e ON e.fragment_id = g.id AND e.field = '${field}'
      AND e.at <= ?2 AND (e.until_at IS NULL OR e.until_at > ?2)
    WHERE g.customer_id = c.id ORDER BY e.at DESC, e.id DESC LIMIT 1)`;

const CONTACT_THEN = `(SELECT x.value FROM fragment g CROSS JOIN identifier x ON x.fragment_id = g.id AND +x.kind IN ('email', 'phone')
    WHERE g.customer_id = c.id AND x.first_at <= ?2 ORDER BY x.assurance DESC, x.kind, x.value LIMIT 1)`;

const NAME = `coalesce(${said('name')},
    (SELECT p.value FROM fragment g CROSS JOIN profile p ON p.fragment_id = g.id AND p.field = 'name'
     WHERE g.customer_id = c.id AND EXISTS (SELECT 1 FROM touchpoint h WHERE h.fragment_id = g.id AND h.occurred_at <= ?2)
     ORDER BY p.assurance DESC, p.at DESC, p.value LIMIT 1),
    ${CONTACT_THEN})`;

const stageThen = (column: string): string =>
  `(SELECT s.${column} FROM stage_change s WHERE s.customer_id = c.id AND s.from_at <= ?2 ORDER BY s.from_at DESC LIMIT 1)`;

const HAD_PAID = `EXISTS (SELECT 1 FROM fragment g CROSS JOIN touchpoint t ON t.fragment_id = g.id AND t.occurred_at <= ?2
    AND t.kind IN (${PAYING_KINDS.map((kind) => `'${kind}'`).join(', ')}) WHERE g.customer_id = c.id AND g.has_paid = 1)`;

const PAST = `WITH
    course AS (SELECT count(*) AS touchpoints, min(t.occurred_at) AS first_at, max(t.occurred_at) AS last_at
      FROM fragment f CROSS JOIN touchpoint t ON t.fragment_id = f.id AND t.occurred_at <= ?2 WHERE f.customer_id = ${CUSTOMER}),
    bought AS (SELECT o.currency, count(*) AS count, sum(max(0, o.total_minor - o.refunded_minor)) AS amount
      FROM (${PAST_ORDERS}) o
      WHERE o.total_minor IS NOT NULL AND o.cancelled_at IS NULL AND o.is_void = 0 AND o.is_deleted = 0 GROUP BY o.currency),
    came AS (SELECT coalesce(sum(count), 0) AS orders,
      coalesce(json_group_array(json_object('amountMinor', amount, 'currency', currency) ORDER BY currency)
        FILTER (WHERE currency IS NOT NULL), '[]') AS revenue FROM bought)
  SELECT c.id, c.public_id, c.is_known, c.created_at, ${NAME} AS display_name, ${CONTACT_THEN} AS contact,
    coalesce(${said('party')}, iif(came.orders > 0 OR ${HAD_PAID}, 'customer', 'prospect')) AS party,
    ${stageThen('stage')} AS stage, ${stageThen('from_at')} AS stage_since,
    ${said('relationship')} AS relationship, ${said('owner')} AS owner,
    course.touchpoints, course.first_at, course.last_at, came.orders, came.revenue, c.first_at AS known_since
  FROM customer c CROSS JOIN course CROSS JOIN came WHERE c.id = ${CUSTOMER}`;

/** Null when there is no such customer. */
export const head: Part<Head | null> = {
  now: [NOW],
  past: [PAST],
  read: ([result], { at }) => {
    const [row] = rowsOf<CustomerRow & { known_since: number | null }>(result);
    return row ? { ...customerItem(row), key: row.id, at, knownSince: row.known_since } : null;
  },
};
