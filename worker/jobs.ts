import type { JobHandlers } from './platform/jobs.ts';
import { BACKFILL, backfillDetails, DETAILS, fetchDetails } from './sources/details.ts';
import { REPLAY, replaySome } from './sources/replay.ts';

/** Who does which kind of job: each room brings its own. */
export const jobHandlers: JobHandlers = {
  [DETAILS]: fetchDetails,
  [BACKFILL]: backfillDetails,
  [REPLAY]: replaySome,
};
