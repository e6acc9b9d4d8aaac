import type { SourceHealth } from '../record/health.ts';
import type { Source } from '../sources/store.ts';
import { plural } from './format.ts';

/** How a source is doing, as one word that the pages show. */
export type Standing = 'waiting' | 'live' | 'quiet' | 'trouble' | 'paused';

export const DAY_MS = 24 * 3600 * 1000;

/** With fewer events, or within less time, nothing can be called usual. */
const KNOWN_EVENTS = 10;
const KNOWN_MS = 3 * DAY_MS;

/**
 * How long a source has been silent, in ms, when that is unlike it: a day at least, and more than twice as long as it ever was
 * in the four weeks before. Null when nothing is strange about it, or too little is known.
 */
export function strangeSilence({ lastAcceptedAt, pace }: SourceHealth, now: number): number | null {
  if (lastAcceptedAt === null || !pace || pace.events < KNOWN_EVENTS || pace.spanMs < KNOWN_MS) return null;
  const silence = now - lastAcceptedAt;
  return silence > Math.max(DAY_MS, 2 * pace.longestMs) ? silence : null;
}

/** `usually about 40 a day`, of events by their span. */
export function usualPace({ pace }: SourceHealth): string | null {
  if (!pace || pace.events < KNOWN_EVENTS || pace.spanMs < KNOWN_MS) return null;
  const perDay = (pace.events * DAY_MS) / pace.spanMs;
  return perDay >= 1
    ? `usually about ${plural(Math.round(perDay), 'event')} a day`
    : `usually about ${plural(Math.max(1, Math.round(perDay * 7)), 'event')} a week`;
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
