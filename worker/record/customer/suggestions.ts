import type { Reason } from '../identity/partition.ts';
import type { MatchKind } from '../suggestions/keys.ts';
import { bitOf, kindsOf } from '../suggestions/recount.ts';
import { CUSTOMER, type Part, rowsOf } from './part.ts';

/** Another record that may be the same person, with the reason it was not joined. */
export type Suggestion = {
  readonly customerId: string;
  readonly displayName: string | null;
  readonly reason:
    | Reason
    | { readonly rule: 'claimed_identifier'; readonly kind: string; readonly value: string }
    | { readonly rule: 'alike'; readonly evidence: readonly MatchKind[] };
};

/** True unless a person has said of the customers of the fragments `f` and `g` that they are two. */
const NOT_KEPT_APART = (['a', 'b'] as const)
  .map(
    (
      mine,
    ) => `NOT EXISTS (SELECT 1 FROM fragment x CROSS JOIN decision d ON d.fragment_${mine} = x.id AND d.actor = 'staff'
        AND d.action = 'refuse' AND d.revoked_at IS NULL
      CROSS JOIN fragment y ON y.id = d.fragment_${mine === 'a' ? 'b' : 'a'} AND y.customer_id = g.customer_id WHERE x.customer_id = f.customer_id)`,
  )
  .join(' AND ');

/**
 * Who else holds what one side of the two only claims: a hint for a person, never a link. Best assured first and three to a
 * value, so that a stranger who claims an address a thousand times does not push out the one who has it. Ties go by the names
 * sources know them by, never by who came first.
 */
const CLAIMS = `SELECT id, display_name, kind, value FROM (
    SELECT c.public_id AS id, c.display_name, i.kind, i.value, max(o.assurance) AS assurance, max(o.last_at) AS last_at,
      min(printf('%012d %s', g.source_id, g.key)) AS known_as,
      row_number() OVER (PARTITION BY i.kind, i.value
        ORDER BY max(o.assurance) DESC, max(o.last_at) DESC, min(printf('%012d %s', g.source_id, g.key))) AS place
    FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind IN ('email', 'phone', 'user_id')
    CROSS JOIN identifier o ON o.kind = i.kind AND o.value = i.value AND o.scope = i.scope AND (o.may_link = 0 OR i.may_link = 0)
    CROSS JOIN fragment g ON g.id = o.fragment_id AND g.customer_id <> f.customer_id
    CROSS JOIN customer c ON c.id = g.customer_id
    WHERE f.customer_id = ${CUSTOMER} AND ${NOT_KEPT_APART} GROUP BY c.id, i.kind, i.value)
  WHERE place <= 3 ORDER BY assurance DESC, last_at DESC, known_as, kind, value LIMIT 20`;

const REFUSALS = `SELECT DISTINCT c.public_id AS id, c.display_name, d.evidence
  FROM fragment f CROSS JOIN decision d ON (d.fragment_a = f.id OR d.fragment_b = f.id)
    AND d.action = 'refuse' AND d.actor = 'rule' AND d.revoked_at IS NULL
  CROSS JOIN fragment g ON g.id = CASE d.fragment_a WHEN f.id THEN d.fragment_b ELSE d.fragment_a END
  CROSS JOIN customer c ON c.id = g.customer_id
  WHERE f.customer_id = ${CUSTOMER} AND g.customer_id <> f.customer_id ORDER BY d.id LIMIT 20`;

/** Who is alike in a way that no identifier tells: see `record/suggestions`. */
const lookalikesBy = (mine: 'a' | 'b'): string => `SELECT c.public_id AS id, c.display_name, s.evidence, s.score
  FROM suggestion s CROSS JOIN customer c ON c.id = s.customer_${mine === 'a' ? 'b' : 'a'}
  WHERE s.customer_${mine} = ${CUSTOMER} AND s.evidence & ${bitOf('address') | bitOf('name_city') | bitOf('name_company') | bitOf('name_postal')}`;
const LOOKALIKES = `${lookalikesBy('a')} UNION ALL ${lookalikesBy('b')} ORDER BY score DESC, id LIMIT 10`;

type LookalikeRow = { id: string; display_name: string | null; evidence: number };

/** Those who are not told of for a better reason. */
const withLookalikes = (told: readonly Suggestion[], rows: readonly LookalikeRow[]): readonly Suggestion[] => [
  ...told,
  ...rows.flatMap(({ id, display_name, evidence }): Suggestion[] =>
    told.some(({ customerId }) => customerId === id)
      ? []
      : [{ customerId: id, displayName: display_name, reason: { rule: 'alike', evidence: kindsOf(evidence) } }],
  ),
];

type ClaimRow = { id: string; display_name: string | null; kind: string; value: string };
type RefusalRow = { id: string; display_name: string | null; evidence: string };

function suggestionsOf(claims: readonly ClaimRow[], refusals: readonly RefusalRow[]): Suggestion[] {
  return [
    ...refusals.map(({ id, display_name, evidence }) => ({
      customerId: id,
      displayName: display_name,
      reason: JSON.parse(evidence) as Reason,
    })),
    ...claims.map(({ id, display_name, kind, value }) => ({
      customerId: id,
      displayName: display_name,
      reason: { rule: 'claimed_identifier' as const, kind, value },
    })),
  ];
}

export const suggestions: Part<readonly Suggestion[]> = {
  now: [CLAIMS, REFUSALS, LOOKALIKES],
  read: ([claims, refusals, lookalikes]) =>
    withLookalikes(
      suggestionsOf(rowsOf<ClaimRow>(claims), rowsOf<RefusalRow>(refusals)),
      rowsOf<LookalikeRow>(lookalikes),
    ),
};
