import { MATCH_KINDS, type MatchKind, POSTAL } from './keys.ts';

/**
 * Pairs of customers who are alike, kept in the table `suggestion`: what the keys of their fragments and the decisions of staff
 * come to. The statements here work the pairs of some customers out anew, so that joining, parting and erasing need nothing else.
 */

/** A key that more fragments hold than this tells nobody apart: a switchboard, a name that half a town has. It suggests nothing. */
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

/** SQL: few enough fragments hold a key to say something. */
export const fewHold = (kind: string, key: string): string =>
  `(SELECT count(*) FROM (SELECT 1 FROM match_key t WHERE t.kind = ${kind} AND t.key = ${key} LIMIT ${MOST_HOLDERS + 1})) <= ${MOST_HOLDERS}`;
/**
 * True for a key that few enough hold to say something; `m` in scope. Of a name beside a postal address it is the address that
 * many may have, under whatever names: an office, a parcel shop.
 */
export const TELLS = `iif(m.kind = 'name_postal', ${fewHold(`'${POSTAL}'`, "substr(m.key, 1, instr(m.key, '|') - 1)")}, ${fewHold('m.kind', 'm.key')})`;
/** Two claims of one value are a pair only where nobody has it for sure: else each is one with whoever has it. */
const SAYS_MORE = `(m.is_proven = 1 OR o.is_proven = 1 OR NOT EXISTS (
    SELECT 1 FROM match_key t WHERE t.kind = m.kind AND t.key = m.key AND t.is_proven = 1))`;

/** Works out anew which pairs some customers are part of. `customers` is a subquery of customer ids. */
export const recountSuggestions = (customers: string): readonly string[] => [
  `DELETE FROM suggestion WHERE customer_a IN (${customers}) OR customer_b IN (${customers})`,
  `INSERT INTO suggestion (customer_a, customer_b, evidence, score)
   WITH alike (a, b, kind) AS MATERIALIZED (
     SELECT DISTINCT min(f.customer_id, g.customer_id), max(f.customer_id, g.customer_id), m.kind
     FROM fragment f CROSS JOIN match_key m ON m.fragment_id = f.id AND m.kind <> '${POSTAL}'
     CROSS JOIN match_key o ON o.kind = m.kind AND o.key = m.key AND o.fragment_id <> m.fragment_id
       AND (m.kind <> 'address' OR o.value <> m.value)
       AND (m.kind <> 'name_postal' OR m.value IS NULL OR o.value IS NULL)
     CROSS JOIN fragment g ON g.id = o.fragment_id AND g.customer_id <> f.customer_id
     WHERE f.customer_id IN (${customers}) AND ${TELLS} AND ${SAYS_MORE})
   SELECT a, b, sum(${byKind(bitOf)}), sum(${byKind((kind) => WEIGHTS[kind])}) FROM alike WHERE NOT (${KEPT_APART}) GROUP BY a, b`,
];
