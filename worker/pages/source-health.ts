import { PULSE_DAYS, type Pulse, type SourceHealth } from '../record/health.ts';
import type { Source } from '../sources/store.ts';
import { plural } from './format.ts';

/** How a source is doing, as one word that the pages show. */
export type Standing = 'waiting' | 'live' | 'quiet' | 'trouble' | 'paused';

const HOUR_MS = 3600 * 1000;
export const DAY_MS = 24 * HOUR_MS;

/** With fewer events, or within less time, nothing can be called usual. */
const KNOWN_EVENTS = 10;
const KNOWN_MS = 3 * DAY_MS;

/**
 * How long a source has been silent, in ms, when that is unlike it: a day at least, and more than twice as long as it ever was
 * in the four weeks before. Null when nothing is strange about it, or too little is known.
 */
function strangeSilence({ lastAcceptedAt, pace }: SourceHealth, now: number): number | null {
  if (lastAcceptedAt === null || !pace || pace.events < KNOWN_EVENTS || pace.spanMs < KNOWN_MS) return null;
  const silence = now - lastAcceptedAt;
  return silence > Math.max(DAY_MS, 2 * pace.longestMs) ? silence : null;
}

/** `usually about 40 a day`, of events by their span. */
export function usualPace({ pace }: SourceHealth): string | null {
  if (!pace || pace.events < KNOWN_EVENTS || pace.spanMs < KNOWN_MS) return null;
  return `usually ${paceWords((pace.events * DAY_MS) / pace.spanMs, 'event')}`;
}

/** `about 40 events a day`; of what comes more rarely, by the week. */
function paceWords(perDay: number, one: string, many?: string): string {
  return perDay >= 1
    ? `about ${plural(Math.round(perDay), one, many)} a day`
    : `about ${plural(Math.max(1, Math.round(perDay * 7)), one, many)} a week`;
}

/**
 * `about 40 deliveries a day`: what got through in the days of a pulse, or since the source was added (epoch ms). Null when
 * nothing did, or when that is less than a day ago and tells no pace.
 */
export function recentPace({ hours, countedFrom }: Pulse, createdAt: number, now: number): string | null {
  const good = hours.filter(({ outcome }) => outcome === 'accepted' || outcome === 'duplicate');
  const n = good.reduce((sum, hour) => sum + hour.n, 0);
  const first = good.reduce((least, { hour }) => Math.min(least, hour * HOUR_MS), createdAt);
  const week = Math.floor((now - (PULSE_DAYS - 1) * DAY_MS) / DAY_MS) * DAY_MS;
  const span = now - (countedFrom ?? Math.max(first, week));
  // A source so busy that less than a day was counted has a pace all the same.
  if (n === 0 || (span < DAY_MS && countedFrom === null)) return null;
  return paceWords((n * DAY_MS) / Math.max(span, HOUR_MS), 'delivery', 'deliveries');
}

/** Waiting until something was accepted; in trouble when what came last day was refused or unreadable and nothing else. */
export function standingOf(source: Source, health: SourceHealth | undefined, now: number): Standing {
  if (source.pausedAt !== null) return 'paused';
  const { accepted = 0, duplicate = 0, ignored = 0, refused = 0, malformed = 0, dead = 0 } = health?.outcomes ?? {};
  const failed = refused + malformed + dead;
  if (failed > 0 && accepted + duplicate + ignored === 0) return 'trouble';
  if (health?.lastAcceptedAt == null) return 'waiting';
  return strangeSilence(health, now) === null ? 'live' : 'quiet';
}

/** The word of a standing. */
export function standingWords(standing: Standing, health: SourceHealth | undefined, now: number): string {
  switch (standing) {
    case 'waiting':
      return 'Waiting for the first event';
    case 'live':
      return 'Live';
    case 'trouble':
      return 'Nothing gets through';
    case 'paused':
      return 'Paused';
    case 'quiet':
      return `Quiet for ${plural(Math.floor(((health && strangeSilence(health, now)) ?? DAY_MS) / DAY_MS), 'day')}`;
  }
}
