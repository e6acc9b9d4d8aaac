import { parseStored } from '../../platform/json.ts';
import type { Reason } from './partition.ts';

/** The account of a record: every link and refusal that has part in it, as people read it. */
export type Entry = {
  readonly id: string;
  readonly action: 'link' | 'refuse';
  /** 'rule' when it follows from the evidence, else who decided. */
  readonly actor: string;
  /** The name of the member of staff who decided, where it is known. */
  readonly decidedBy: string | null;
  /** Public id of who decided, `staff` where a session has not said, or `api`; null for what evidence decides. */
  readonly decidedById: string | null;
  readonly reason: Reason | { readonly rule: 'by_hand'; readonly reason: string };
  readonly decidedAt: number;
  readonly revokedAt: number | null;
  readonly revokeReason: string | null;
  /** As who decided; null too where the evidence changed. */
  readonly revokedBy: string | null;
  readonly revokedById: string | null;
  /** The two sides as their sources know them; `isOwn` is true for what belongs to this record now. */
  readonly sides: readonly [Side, Side];
};
export type Side = {
  readonly customerId: string;
  readonly displayName: string | null;
  readonly sourceName: string;
  /** What the source calls the person: `customer:123`. */
  readonly key: string;
  readonly isOwn: boolean;
};

const CUSTOMER = '(SELECT f.customer_id FROM customer c JOIN fragment f ON f.id = c.id WHERE c.public_id = ?1)';
const MOST = 200;

const SIDE = (n: 'a' | 'b'): string =>
  `json_object('customerId', c${n}.public_id, 'displayName', c${n}.display_name, 'sourceName', s${n}.name, 'key', f${n}.key,
     'isOwn', json(iif(f${n}.customer_id = ${CUSTOMER}, 'true', 'false')))`;

type Row = {
  id: number;
  action: 'link' | 'refuse';
  actor: string;
  decided_by: string | null;
  decider: string | null;
  revoked_by: string | null;
  revoker: string | null;
  evidence: string;
  decided_at: number;
  revoked_at: number | null;
  revoke_reason: string | null;
  a: string;
  b: string;
};

const NOBODY: Side = { customerId: '', displayName: null, sourceName: '', key: '', isOwn: false };

/** What stands first, latest first; then what was taken back. The latest 200 of a record. */
export async function readAccount(db: D1Database, publicId: string): Promise<Entry[]> {
  const { results } = await db
    .prepare(
      `WITH own (id) AS (SELECT f.id FROM fragment f WHERE f.customer_id = ${CUSTOMER}),
       part (id) AS (SELECT d.id FROM own CROSS JOIN decision d ON d.fragment_a = own.id
         UNION SELECT d.id FROM own CROSS JOIN decision d ON d.fragment_b = own.id)
       SELECT d.id, d.action, d.actor, m.name AS decider, d.decided_by, r.name AS revoker, d.revoked_by, d.evidence, d.decided_at, d.revoked_at, d.revoke_reason, ${SIDE('a')} AS a, ${SIDE('b')} AS b
       FROM part CROSS JOIN decision d ON d.id = part.id
       CROSS JOIN fragment fa ON fa.id = d.fragment_a CROSS JOIN customer ca ON ca.id = fa.customer_id CROSS JOIN source sa ON sa.id = fa.source_id
       CROSS JOIN fragment fb ON fb.id = d.fragment_b CROSS JOIN customer cb ON cb.id = fb.customer_id CROSS JOIN source sb ON sb.id = fb.source_id
       LEFT JOIN staff_member m ON m.public_id = d.decided_by LEFT JOIN staff_member r ON r.public_id = d.revoked_by
       ORDER BY d.revoked_at IS NOT NULL, d.decided_at DESC, d.id DESC LIMIT ${MOST}`,
    )
    .bind(publicId)
    .all<Row>();
  return results.map((row) => ({
    id: String(row.id),
    action: row.action,
    actor: row.actor,
    decidedBy: row.decider,
    decidedById: row.decided_by,
    reason: parseStored<Entry['reason']>(row.evidence, { rule: 'by_hand', reason: '' }),
    decidedAt: row.decided_at,
    revokedAt: row.revoked_at,
    revokeReason: row.revoke_reason,
    revokedBy: row.revoker,
    revokedById: row.revoked_by,
    sides: [parseStored<Side>(row.a, NOBODY), parseStored<Side>(row.b, NOBODY)],
  }));
}
