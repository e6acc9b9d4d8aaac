import type { JobHandlers } from './platform/jobs.ts';
import { ERASE_PERSON, ERASE_SOURCE, eraseAtSource, eraseSource } from './reactions/erasures.ts';
import { BACKFILL, backfillDetails, DETAILS, fetchDetails } from './sources/details.ts';

/** Who does which kind of job: each room brings its own. */
export const jobHandlers: JobHandlers = {
  [ERASE_PERSON]: eraseAtSource,
  [ERASE_SOURCE]: eraseSource,
  [DETAILS]: fetchDetails,
  [BACKFILL]: backfillDetails,
};
