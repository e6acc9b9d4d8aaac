import type { SourceHealth } from '../record/deliveries.ts';

/** How a source is doing, as one word that the pages show. */
export type Standing = 'waiting' | 'live' | 'trouble';

export const DAY_MS = 24 * 3600 * 1000;

/** Waiting until something was accepted; in trouble when what came last day was refused or unreadable and nothing else. */
export function standingOf(health: SourceHealth | undefined): Standing {
  const { accepted = 0, duplicate = 0, ignored = 0, refused = 0, malformed = 0, dead = 0 } = health?.outcomes ?? {};
  const failed = refused + malformed + dead;
  if (failed > 0 && accepted + duplicate + ignored === 0) return 'trouble';
  return health?.lastAcceptedAt == null ? 'waiting' : 'live';
}

export const STANDINGS: Readonly<Record<Standing, string>> = {
  waiting: 'Waiting for the first event',
  live: 'Live',
  trouble: 'Nothing gets through',
};
