import type { Stage } from '../../../schema/vocabulary.ts';
import { parseStored } from '../../platform/json.ts';
import { CUSTOMER } from '../customer/part.ts';
import { touchpointId } from '../timeline.ts';
import type { Because, Initiator } from './history.ts';
import { REBUILD } from './rules.ts';

/** How many are in each stage, and how far the work is that keeps it. */
export type StageCounts = {
  readonly counts: Readonly<Partial<Record<Stage, number>>>;
  readonly total: number;
  /** Known customers whose stage is still to be worked out, anew or at all. */
  readonly waiting: number;
};

type CountRow = { stage: Stage | null; n: number };

export async function countStages(db: D1Database): Promise<StageCounts> {
  const [counted, waiting] = await db.batch([
    db.prepare('SELECT stage, count(*) AS n FROM customer WHERE is_known = 1 AND is_current = 1 GROUP BY stage'),
    db.prepare(
      `SELECT (SELECT count(*) FROM customer WHERE next_stage_at < 0) + (SELECT count(*) FROM customer c
         WHERE c.id > (SELECT seq FROM log_cursor WHERE name = '${REBUILD}') AND c.is_known = 1 AND c.is_current = 1
           AND (c.next_stage_at IS NULL OR c.next_stage_at >= 0)) AS n`,
    ),
  ]);
  const rows = (counted?.results ?? []) as CountRow[];
  return {
    counts: Object.fromEntries(rows.flatMap(({ stage, n }) => (stage === null ? [] : [[stage, n] as const]))),
    total: rows.reduce((sum, { n }) => sum + n, 0),
    waiting: ((waiting?.results ?? []) as { n: number }[])[0]?.n ?? 0,
  };
}

/** A touchpoint that a change of stage rests on. */
export type Evidence = {
  readonly id: string;
  readonly kind: string;
  readonly direction: string;
  /** Epoch ms. */
  readonly at: number;
  /** What they said: the reason they gave, or their words. */
  readonly words: string | null;
};
/** A stretch of the relationship in one stage, as it is shown. */
export type ShownStretch = {
  readonly stage: Stage;
  readonly from: number;
  readonly to: number | null;
  readonly version: number | null;
  readonly initiator: Initiator;
  /** New rules moved them: nothing had happened. */
  readonly isByRules: boolean;
  readonly because: readonly Because[];
  readonly evidence: readonly Evidence[];
  readonly reason: string | null;
  readonly actor: string | null;
};
export type StageRecord = {
  readonly stage: Stage | null;
  readonly since: number | null;
  /** When time alone will change it next, epoch ms. */
  readonly nextAt: number | null;
  /** Something has happened that is not yet taken into account. */
  readonly isWaiting: boolean;
  /** Latest first. */
  readonly course: readonly ShownStretch[];
};

/** More of the past is not shown at once. */
const MAX_COURSE = 50;

/** The statements of a record's stages, for the customer `?1` by public id; `stagesOf` puts their results together. */
export const STATE = `SELECT stage, stage_since, next_stage_at FROM customer WHERE id = ${CUSTOMER}`;
/** The same up to a moment `?2`. */
export const STATE_PAST = `SELECT s.stage, s.from_at AS stage_since, NULL AS next_stage_at FROM stage_change s
  WHERE s.customer_id = ${CUSTOMER} AND s.from_at <= ?2 ORDER BY s.from_at DESC LIMIT 1`;

const courseUpTo = (
  to: string,
  condition: string,
): string => `SELECT s.from_at, ${to} AS to_at, s.stage, s.version, s.initiator,
    s.because, s.evidence, s.reason, coalesce((SELECT m.name FROM staff_member m WHERE m.public_id = s.actor), s.actor) AS actor,
    EXISTS (SELECT 1 FROM stage_rules r WHERE r.valid_from = s.from_at) AS is_by_rules
  FROM stage_change s WHERE s.customer_id = ${CUSTOMER}${condition} ORDER BY s.from_at DESC LIMIT ${MAX_COURSE}`;
export const COURSE = courseUpTo('s.to_at', '');
export const COURSE_PAST = courseUpTo('iif(s.to_at > ?2, NULL, s.to_at)', ' AND s.from_at <= ?2');

const evidenceUpTo = (condition: string): string =>
  `SELECT DISTINCT t.seq, t.kind, t.direction, t.occurred_at, coalesce(t.data ->> 'reason', t.text) AS words
  FROM (SELECT s.evidence FROM stage_change s WHERE s.customer_id = ${CUSTOMER}${condition} ORDER BY s.from_at DESC LIMIT ${MAX_COURSE}) s
  CROSS JOIN json_each(s.evidence) e CROSS JOIN touchpoint t ON t.seq = e.value`;
export const EVIDENCE = evidenceUpTo('');
export const EVIDENCE_PAST = evidenceUpTo(' AND s.from_at <= ?2');

type StateRow = { stage: Stage | null; stage_since: number | null; next_stage_at: number | null };
type CourseRow = {
  from_at: number;
  to_at: number | null;
  stage: Stage;
  version: number | null;
  initiator: Initiator;
  because: string;
  evidence: string;
  reason: string | null;
  actor: string | null;
  is_by_rules: number;
};
type EvidenceRow = { seq: number; kind: string; direction: string; occurred_at: number; words: string | null };

export function stagesOf([state, course, evidence]: readonly D1Result[]): StageRecord {
  const [now] = (state?.results ?? []) as StateRow[];
  const touchpoints = new Map(
    ((evidence?.results ?? []) as EvidenceRow[]).map((t) => [
      t.seq,
      { id: touchpointId(t.seq), kind: t.kind, direction: t.direction, at: t.occurred_at, words: t.words },
    ]),
  );
  const next = now?.next_stage_at ?? null;
  return {
    stage: now?.stage ?? null,
    since: now?.stage_since ?? null,
    nextAt: next !== null && next > 0 ? next : null,
    isWaiting: next !== null && next < 0,
    course: ((course?.results ?? []) as CourseRow[]).map((row) => ({
      stage: row.stage,
      from: row.from_at,
      to: row.to_at,
      version: row.version,
      initiator: row.initiator,
      isByRules: row.initiator === 'neither' && row.is_by_rules === 1,
      because: parseStored<Because[]>(row.because, []),
      evidence: parseStored<number[]>(row.evidence, []).flatMap((seq) => touchpoints.get(seq) ?? []),
      reason: row.reason,
      actor: row.actor,
    })),
  };
}

/** The stages of one customer; null when there is no such customer. A former id answers as well. */
export async function readStages(db: D1Database, publicId: string): Promise<StageRecord | null> {
  const results = await db.batch([STATE, COURSE, EVIDENCE].map((sql) => db.prepare(sql).bind(publicId)));
  return (results[0]?.results.length ?? 0) > 0 ? stagesOf(results) : null;
}
