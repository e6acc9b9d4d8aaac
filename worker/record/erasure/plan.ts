import { GLOBAL_KINDS, UNIQUE_KINDS } from '../../../schema/customer.ts';
import { isSharedMailbox } from '../../../schema/identifiers.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

/** What an erasure comes to, read before anything is written. */
export type Plan = {
  /** Fragments that go, those that go along included. */
  readonly fragments: readonly FragmentRow[];
  /** Customers that keep fragments though some of theirs go: the id that will lead them. */
  readonly staying: readonly Staying[];
  /** Proven values that name nobody else: what they named before is kept out, and looked for in bodies. */
  readonly values: readonly NamedValue[];
  /** Records that nothing names but a claim of values that the erased have proven. */
  readonly along: readonly Other[];
  /** Records of others that lose a claim of these values. */
  readonly claimants: readonly (Other & { readonly fragmentId: number; readonly claim: NamedValue })[];
  readonly messages: readonly { readonly seq: number; readonly source_id: number; readonly message_id: string }[];
  readonly orders: readonly { readonly source_id: number; readonly external_id: string }[];
  readonly refunds: readonly {
    readonly source_id: number;
    readonly order_id: string;
    readonly external_id: string;
  }[];
  /** That they must not be written to: kept by a hash of the address. */
  readonly refusals: readonly Refusal[];
  /** Keys of files that came with their mails, in the bucket. */
  readonly files: readonly string[];
  /** Changes with what was read of the person: what is written on it fails when news has come in between. */
  readonly fingerprint: string;
};
export type FragmentRow = {
  readonly id: number;
  readonly source_id: number;
  readonly key: string;
  readonly customer_id: number;
};
export type NamedValue = { readonly kind: string; readonly value: string; readonly scope: number };
export type Other = { readonly customerId: number; readonly publicId: string; readonly displayName: string | null };
/** `publicId` is what the record was known by; the customer that leads it from now on takes it over. */
export type Staying = { readonly from: number; readonly to: number; readonly publicId: string };

/** Whom an erasure is about. */
export type Subject = {
  readonly fragmentIds: readonly number[];
  /** All of them, so that what strangers claimed of their proven addresses goes along; else only as one source knows them. */
  readonly isWhole: boolean;
  /** A part of a record that is a person by itself: what strangers claimed of its addresses goes along, the rest of the record stays. */
  readonly isPart?: true;
  /** Others go with them, one by one: nobody will look through what names each. */
  readonly isOneOfMany?: true;
  /** What others claim of their addresses stays as it is: they go for being quiet, and a claim may be news. */
  readonly isAlone?: true;
};

const LISTED = '(SELECT value FROM json_each(?1))';

/**
 * The proven values of fragments that nobody outside of them holds by more than a claim. What the erased merely claimed gives no
 * right over anybody else: anybody can claim any address. It goes with their own fragments, whose keys and messages are kept out.
 */
const VALUES = `SELECT i.kind, i.value, i.scope FROM json_each(?1) x CROSS JOIN identifier i ON i.fragment_id = x.value AND i.assurance > 1
  WHERE NOT EXISTS (SELECT 1 FROM identifier o WHERE o.kind = i.kind AND o.value = i.value AND o.scope = i.scope
    AND o.assurance > 1 AND o.fragment_id NOT IN ${LISTED})
  GROUP BY i.kind, i.value, i.scope`;

/** Who else claims the values in ?2, and whether anything else names their record. A browser's id names nobody. */
const CLAIMANTS = `SELECT o.fragment_id, o.kind, o.value, o.scope, c.id, c.public_id, c.display_name,
    NOT EXISTS (SELECT 1 FROM fragment g CROSS JOIN identifier n ON n.fragment_id = g.id
      WHERE g.customer_id = c.id AND n.kind <> 'anonymous_id' AND NOT EXISTS (SELECT 1 FROM json_each(?2) w
        WHERE w.value ->> 'kind' = n.kind AND w.value ->> 'value' = n.value AND w.value ->> 'scope' = n.scope)) AS is_only_them
  FROM json_each(?2) v
  CROSS JOIN identifier o ON o.kind = v.value ->> 'kind' AND o.value = v.value ->> 'value' AND o.scope = v.value ->> 'scope'
  CROSS JOIN fragment f ON f.id = o.fragment_id CROSS JOIN customer c ON c.id = f.customer_id
  WHERE o.fragment_id NOT IN ${LISTED} ORDER BY c.id`;
type ClaimRow = NamedValue & {
  fragment_id: number;
  id: number;
  public_id: string;
  display_name: string | null;
  is_only_them: number;
};

/** An SQL expression over the fragments in ?1. */
export const FINGERPRINT = `(SELECT
    (SELECT count(*) || ':' || coalesce(sum(i.assurance), 0) FROM json_each(?1) x CROSS JOIN identifier i ON i.fragment_id = x.value)
    || '/' || (SELECT count(*) || ':' || coalesce(max(t.seq), 0) FROM json_each(?1) x CROSS JOIN touchpoint t ON t.fragment_id = x.value)
    || '/' || (SELECT count(*) FROM json_each(?1) x CROSS JOIN orders o ON o.fragment_id = x.value)
    || '/' || (SELECT count(*) FROM json_each(?1) x CROSS JOIN orders o ON o.fragment_id = x.value
      CROSS JOIN refund r ON r.source_id = o.source_id AND r.order_id = o.external_id)
    || '/' || (SELECT coalesce(max(k.id), 0) FROM json_each(?1) x CROSS JOIN consent k ON k.fragment_id = x.value)
    || '/' || (SELECT coalesce(max(s.id), 0) FROM json_each(?1) x CROSS JOIN suppression s ON s.fragment_id = x.value)
    || '/' || (SELECT count(*) FROM fragment g WHERE g.customer_id IN (
      SELECT f.customer_id FROM json_each(?1) x CROSS JOIN fragment f ON f.id = x.value)))`;

const NAMING = [...GLOBAL_KINDS, ...UNIQUE_KINDS];
const isTheirs = ({ kind, value }: NamedValue): boolean => kind !== 'email' || !isSharedMailbox(value);

async function valuesOf(db: D1Database, ids: string): Promise<NamedValue[]> {
  const { results } = await db.prepare(VALUES).bind(ids).all<NamedValue>();
  return results.filter(isTheirs);
}

async function claimsOn(db: D1Database, ids: string, values: readonly NamedValue[]): Promise<ClaimRow[]> {
  const naming = values.filter(({ kind }) => NAMING.includes(kind));
  if (naming.length === 0) return [];
  const { results } = await db.prepare(CLAIMANTS).bind(ids, JSON.stringify(naming)).all<ClaimRow>();
  return results;
}

const otherOf = ({ id, public_id, display_name }: ClaimRow): Other => ({
  customerId: id,
  publicId: public_id,
  displayName: display_name,
});

/** One of each record. */
const recordsOf = (rows: readonly ClaimRow[]): Other[] => [
  ...new Map(rows.map((row) => [row.id, otherOf(row)])).values(),
];

async function fragmentsOf(db: D1Database, customers: readonly number[]): Promise<number[]> {
  const { results } = await db
    .prepare('SELECT f.id FROM json_each(?1) c CROSS JOIN fragment f ON f.customer_id = c.value')
    .bind(JSON.stringify(customers))
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

async function customersOf(db: D1Database, ids: string): Promise<number[]> {
  const { results } = await db
    .prepare('SELECT DISTINCT f.customer_id AS id FROM json_each(?1) x CROSS JOIN fragment f ON f.id = x.value')
    .bind(ids)
    .all<{ id: number }>();
  return results.map(({ id }) => id);
}

/** Customers of the fragments that keep others, with who is to lead them: the oldest of what stays. */
const STAYING = `SELECT c.id AS "from", c.public_id AS publicId, iif(c.id IN ${LISTED}, min(g.id), c.id) AS "to"
  FROM customer c CROSS JOIN fragment g ON g.customer_id = c.id AND g.id NOT IN ${LISTED}
  WHERE c.id IN (SELECT f.customer_id FROM json_each(?1) x CROSS JOIN fragment f ON f.id = x.value) GROUP BY c.id`;

type Read = Pick<
  Plan,
  'fragments' | 'staying' | 'messages' | 'orders' | 'refunds' | 'refusals' | 'files' | 'fingerprint'
>;

async function read(db: D1Database, ids: string): Promise<Read> {
  const [fragments, staying, messages, orders, refunds, refusals, files, state] = await db.batch(
    [
      'SELECT f.id, f.source_id, f.key, f.customer_id FROM json_each(?1) x CROSS JOIN fragment f ON f.id = x.value',
      STAYING,
      'SELECT t.seq, t.source_id, t.message_id FROM json_each(?1) x CROSS JOIN touchpoint t ON t.fragment_id = x.value',
      'SELECT o.source_id, o.external_id FROM json_each(?1) x CROSS JOIN orders o ON o.fragment_id = x.value',
      `SELECT r.source_id, r.order_id, r.external_id FROM json_each(?1) x CROSS JOIN orders o ON o.fragment_id = x.value
       CROSS JOIN refund r ON r.source_id = o.source_id AND r.order_id = o.external_id`,
      REFUSALS,
      `SELECT DISTINCT a.value ->> 'file' AS file FROM json_each(?1) x CROSS JOIN touchpoint t ON t.fragment_id = x.value
       CROSS JOIN json_each(t.data, '$.attachments') a WHERE json_type(a.value) = 'object' AND a.value ->> 'file' IS NOT NULL`,
      `SELECT ${FINGERPRINT} AS fingerprint`,
    ].map((sql) => db.prepare(sql).bind(ids)),
  );
  const rows = <Row>(result: D1Result | undefined) => (result?.results ?? []) as Row[];
  return {
    fragments: rows<FragmentRow>(fragments),
    staying: rows<Staying>(staying),
    messages: rows<Read['messages'][number]>(messages),
    orders: rows<Read['orders'][number]>(orders),
    refunds: rows<Read['refunds'][number]>(refunds),
    refusals: rows<Refusal>(refusals),
    files: rows<{ file: string }>(files).map(({ file }) => file),
    fingerprint: rows<{ fingerprint: string }>(state)[0]?.fingerprint ?? '',
  };
}

/** Reads what would go. Nothing is written; what is written on it must be guarded by its fingerprint. */
export async function planErasure(db: D1Database, { fragmentIds, isWhole, isPart, isAlone }: Subject): Promise<Plan> {
  const own = JSON.stringify(fragmentIds);
  const claims = (isWhole || isPart) && !isAlone ? await claimsOn(db, own, await valuesOf(db, own)) : [];
  const joined = isPart ? await customersOf(db, own) : [];
  const along = recordsOf(claims.filter((row) => row.is_only_them && !joined.includes(row.id)));
  const all = [
    ...fragmentIds,
    ...(await fragmentsOf(
      db,
      along.map(({ customerId }) => customerId),
    )),
  ];
  const ids = JSON.stringify(all);
  const gone = new Set(all);
  return {
    ...(await read(db, ids)),
    values: await valuesOf(db, ids),
    along,
    claimants: claims
      .filter(({ fragment_id }) => !gone.has(fragment_id))
      .map((row) => ({
        ...otherOf(row),
        fragmentId: row.fragment_id,
        claim: { kind: row.kind, value: row.value, scope: row.scope },
      })),
  };
}
