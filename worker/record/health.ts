import { deliveryIdAt, deliveryTime } from '../platform/clock.ts';
import { parseStored } from '../platform/json.ts';
import type { Outcome } from './deliveries.ts';

/**
 * How sources are doing, read off the index of the delivery log alone. Nothing here goes through more than so many lines of a
 * source, the newest: a source with a million deliveries is as quick to look at as one with ten.
 */
const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MAX_LINES = 20_000;
/** Lines that the usual pace is told from, and how far back they may be. */
const PACE_LINES = 5000;
const PACE_DAYS = 28;

/** When sources were last heard, epoch ms. */
export type SourceTimes = {
  readonly sourceId: number;
  readonly lastAcceptedAt: number | null;
  readonly lastDeliveryAt: number | null;
};

type TimesRow = { id: number; last_accepted: number | null; last_delivery: number | null };
const TIMES = `s.id,
  (SELECT max(d.id) FROM delivery d WHERE d.source_id = s.id AND d.outcome = 'accepted') AS last_accepted,
  (SELECT max(d.id) FROM delivery d WHERE d.source_id = s.id) AS last_delivery`;

const timesOf = (row: TimesRow): SourceTimes => ({
  sourceId: row.id,
  lastAcceptedAt: row.last_accepted === null ? null : deliveryTime(row.last_accepted),
  lastDeliveryAt: row.last_delivery === null ? null : deliveryTime(row.last_delivery),
});

/** When sources were last heard: all of them, or the one with this internal id. */
export async function sourceTimes(db: D1Database, sourceId: number | null = null): Promise<SourceTimes[]> {
  const { results } = await db
    .prepare(`SELECT ${TIMES} FROM source s WHERE ?1 IS NULL OR s.id = ?1 ORDER BY s.id`)
    .bind(sourceId)
    .all<TimesRow>();
  return results.map(timesOf);
}

/** What the pace of a source was until its last event: events, the span they came in, the longest silence between two, in ms. */
export type Pace = { readonly events: number; readonly spanMs: number; readonly longestMs: number };

export type SourceHealth = SourceTimes & {
  /** How the deliveries of the span ended. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Not all of the span were counted, only the newest. */
  readonly isCut: boolean;
  /** Deliveries that wait to be read. */
  readonly held: number;
  readonly pace: Pace | null;
};

/** Newest lines of a source since a delivery id, index only. */
const newest = (since: string, limit: number): string =>
  `SELECT d.id, d.outcome FROM delivery d WHERE d.source_id = s.id AND d.id >= ${since} ORDER BY d.id DESC LIMIT ${limit}`;

const HEALTH = `SELECT ${TIMES},
    (SELECT json_group_object(outcome, n) FROM (
      SELECT outcome, count(*) AS n FROM (${newest('?1', MAX_LINES)}) GROUP BY outcome)) AS outcomes,
    (SELECT count(*) FROM (SELECT 1 FROM delivery d WHERE d.source_id = s.id AND d.outcome = 'held' LIMIT ${MAX_LINES})) AS held,
    (SELECT json_object('events', count(*), 'from', min(id), 'upto', max(id), 'longest', max(id - earlier)) FROM (
      SELECT id, lag(id) OVER (ORDER BY id) AS earlier FROM (
        SELECT id FROM (${newest('?2', MAX_LINES)}) WHERE outcome IN ('accepted', 'duplicate') LIMIT ${PACE_LINES}))) AS pace
  FROM source s WHERE ?3 IS NULL OR s.id = ?3 ORDER BY s.id`;
type HealthRow = TimesRow & { outcomes: string; held: number; pace: string };
type PaceRow = { events: number; from: number | null; upto: number | null; longest: number | null };

function paceOf(text: string): Pace | null {
  const { events, from, upto, longest } = parseStored<PaceRow>(text, {
    events: 0,
    from: null,
    upto: null,
    longest: null,
  });
  if (from === null || upto === null || longest === null) return null;
  return { events, spanMs: deliveryTime(upto) - deliveryTime(from), longestMs: Math.floor(longest / 2048) };
}

/** Health over the last day: of all sources, or of the one with this internal id. */
export async function sourceHealth(
  db: D1Database,
  now: number,
  sourceId: number | null = null,
): Promise<SourceHealth[]> {
  const { results } = await db
    .prepare(HEALTH)
    .bind(deliveryIdAt(now - DAY_MS), deliveryIdAt(now - PACE_DAYS * DAY_MS), sourceId)
    .all<HealthRow>();
  return results.map((row) => {
    const outcomes = parseStored<SourceHealth['outcomes']>(row.outcomes, {});
    const counted = Object.values(outcomes).reduce((sum, n) => sum + n, 0);
    return { ...timesOf(row), outcomes, isCut: counted >= MAX_LINES, held: row.held, pace: paceOf(row.pace) };
  });
}

/** Deliveries of one hour that ended one way. `hour` counts hours since 1970. */
export type HourCount = { readonly hour: number; readonly outcome: Outcome; readonly n: number };
/** Why deliveries failed: how often in the span and in its last day, and the latest of them. */
export type Failure = {
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly n: number;
  readonly lastDay: number;
  readonly lastId: number;
};
export type Pulse = {
  readonly hours: readonly HourCount[];
  readonly failures: readonly Failure[];
  /** The earliest that was counted, epoch ms, where not all of the days were. */
  readonly countedFrom: number | null;
};

/** Lines of the week that are counted, and those of them whose reason is read. */
const PULSE_LINES = 50_000;
const FAILURE_LINES = 2000;
export const PULSE_DAYS = 7;

/** The last seven days of a source, by hour, and why deliveries failed. */
export async function readPulse(db: D1Database, sourceId: number, now: number): Promise<Pulse> {
  const since = deliveryIdAt(Math.floor((now - (PULSE_DAYS - 1) * DAY_MS) / DAY_MS) * DAY_MS);
  const lines = `SELECT d.id, d.outcome FROM delivery d WHERE d.source_id = ?1 AND d.id >= ?2 ORDER BY d.id DESC LIMIT ${PULSE_LINES}`;
  const [hours, failures, counted] = await Promise.all([
    db
      .prepare(`SELECT id / ${2048 * HOUR_MS} AS hour, outcome, count(*) AS n FROM (${lines}) GROUP BY 1, 2`)
      .bind(sourceId, since)
      .all<HourCount>(),
    db
      .prepare(
        `SELECT f.outcome, d.reason, count(*) AS n, sum(f.id >= ?3) AS lastDay, max(f.id) AS lastId FROM (
           SELECT id, outcome FROM (${lines}) WHERE outcome IN ('refused', 'malformed', 'dead') LIMIT ${FAILURE_LINES}) f
         CROSS JOIN delivery d ON d.id = f.id GROUP BY f.outcome, d.reason ORDER BY lastId DESC LIMIT 200`,
      )
      .bind(sourceId, since, deliveryIdAt(now - DAY_MS))
      .all<Failure>(),
    db
      .prepare(`SELECT count(*) AS n, min(id) AS first FROM (${lines})`)
      .bind(sourceId, since)
      .first<{ n: number; first: number | null }>(),
  ]);
  return {
    hours: hours.results,
    failures: failures.results,
    countedFrom: counted && counted.n >= PULSE_LINES && counted.first !== null ? deliveryTime(counted.first) : null,
  };
}
