import { MATCH_KINDS, type MatchKind, POSTAL } from './keys.ts';

/**
 * Pairs of customers who are alike, kept in the table `suggestion`: what the keys of their fragments and the decisions of staff
 * come to. The statements here work the pairs of some customers out anew, so that joining, parting and erasing need nothing else.
 */

/**
 * A key that more fragments hold than this tells nobody apart: a switchboard, a name that half a town has. It suggests nothing. Where
 * some have it for sure, those are counted: anybody may claim it, and shall silence nobody by that.
 */
export const MOST_HOLDERS = 12;

/** How much each kind of key says, beside the others. */
const WEIGHTS: Readonly<Record<MatchKind, number>> = {
  email: 60,
  address: 30,
  phone: 40,
  user_id: 30,
  name_city: 25,
  name_company: 25,
  name_postal: 35,
};
export const bitOf = (kind: MatchKind): number => 1 << MATCH_KINDS.indexOf(kind);

/** The kinds behind the bits of a row. */
export const kindsOf = (evidence: number): MatchKind[] => MATCH_KINDS.filter((kind) => (evidence & bitOf(kind)) > 0);

const byKind = (of: (kind: MatchKind) => number): string =>
  `CASE kind ${MATCH_KINDS.map((kind) => `WHEN '${kind}' THEN ${of(kind)}`).join(' ')} END`;

/** True where staff have said of the customers `alike.a` and `alike.b` that they are two. */
const KEPT_APART = (['a', 'b'] as const)
  .map(
    (side) => `EXISTS (SELECT 1 FROM fragment x CROSS JOIN decision d ON d.fragment_${side} = x.id AND d.actor = 'staff'
      AND d.action = 'refuse' AND d.revoked_at IS NULL
    CROSS JOIN fragment y ON y.id = d.fragment_${side === 'a' ? 'b' : 'a'} AND y.customer_id = alike.b WHERE x.customer_id = alike.a)`,
  )
  .join(' OR ');

/** SQL: how many hold a key, counted no further than matters. */
const holders = (kind: string, key: string): string =>
  `(SELECT count(*) FROM (SELECT 1 FROM match_key t WHERE t.kind = ${kind} AND t.key = ${key} LIMIT ${MOST_HOLDERS + 1}))`;
const provenHolders = (kind: string, key: string): string =>
  `(SELECT count(*) FROM (SELECT 1 FROM match_key t INDEXED BY match_key_proven
    WHERE t.kind = ${kind} AND t.key = ${key} AND t.is_proven = 1 LIMIT ${MOST_HOLDERS + 1}))`;

/** SQL: a key says something, since few hold it, or few have it for sure, however many claim it. */
export const saysSomething = (kind: string, key: string): string =>
  `(${holders(kind, key)} <= ${MOST_HOLDERS} OR ${provenHolders(kind, key)} BETWEEN 1 AND ${MOST_HOLDERS})`;

/** Of a name beside a postal address it is the address that many may have, under whatever names: an office, a parcel shop. */
const ofHolders = (sql: (kind: string, key: string) => string): string =>
  `iif(m.kind = 'name_postal', ${sql(`'${POSTAL}'`, "substr(m.key, 1, instr(m.key, '|') - 1)")}, ${sql('m.kind', 'm.key')})`;

/**
 * SQL: fragments that count among the holders of a key: who has it for sure, and the `oldest` of all. Whoever comes to claim it after
 * them changes nothing, and costs nothing: so much is read of a key and no more, however many hold it.
 */
export function counted(kind: string, key: string, oldest = String(MOST_HOLDERS)): string {
  const first = (index: string, also: string) =>
    `SELECT fragment_id FROM (SELECT t.fragment_id FROM match_key t ${index}
      WHERE t.kind = ${kind} AND t.key = ${key} ${also} ORDER BY t.fragment_id LIMIT ${oldest})`;
  return `(${first('INDEXED BY match_key_proven', 'AND t.is_proven = 1')} UNION ${first('', '')})`;
}

/** True for a key that says something, of a holder that counts; `m` in scope. */
export const TELLS = `(${ofHolders(saysSomething)} AND m.fragment_id IN ${counted('m.kind', 'm.key')})`;
/** Where many claim a value, two claims of it are no pair. */
const IS_SURE = `(m.is_proven = 1 OR o.is_proven = 1 OR ${ofHolders((kind, key) => `${holders(kind, key)} <= ${MOST_HOLDERS}`)})`;
/** Nor where somebody has it for sure: each is one with whoever has it. */
const SAYS_MORE = `(m.is_proven = 1 OR o.is_proven = 1 OR NOT EXISTS (
    SELECT 1 FROM match_key t INDEXED BY match_key_proven WHERE t.kind = m.kind AND t.key = m.key AND t.is_proven = 1))`;

/** Works out anew which pairs some customers are part of. `customers` is a subquery of customer ids. */
export const recountSuggestions = (customers: string): readonly string[] => [
  `DELETE FROM suggestion WHERE customer_a IN (${customers}) OR customer_b IN (${customers})`,
  `INSERT INTO suggestion (customer_a, customer_b, evidence, score)
   WITH alike (a, b, kind) AS MATERIALIZED (
     SELECT DISTINCT min(f.customer_id, g.customer_id), max(f.customer_id, g.customer_id), m.kind
     FROM fragment f CROSS JOIN match_key m ON m.fragment_id = f.id AND m.kind <> '${POSTAL}'
     CROSS JOIN match_key o ON o.kind = m.kind AND o.key = m.key AND o.fragment_id IN ${counted('m.kind', 'm.key')} AND o.fragment_id <> m.fragment_id
       AND (m.kind <> 'address' OR o.value <> m.value)
       AND (m.kind <> 'name_postal' OR m.value IS NULL OR o.value IS NULL)
     CROSS JOIN fragment g ON g.id = o.fragment_id AND g.customer_id <> f.customer_id
     WHERE f.customer_id IN (${customers}) AND ${TELLS} AND ${IS_SURE} AND ${SAYS_MORE})
   SELECT a, b, sum(${byKind(bitOf)}), sum(${byKind((kind) => WEIGHTS[kind])}) FROM alike WHERE NOT (${KEPT_APART}) GROUP BY a, b`,
];
