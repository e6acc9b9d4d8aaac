import type { JobHandlers } from './platform/jobs.ts';
import { BACKFILL, backfillDetails, DETAILS, fetchDetails } from './sources/details.ts';
import { RECONCILE, reconcile } from './sources/reconcile.ts';

/** Who does which kind of job: each room brings its own. */
export const jobHandlers: JobHandlers = {
  [DETAILS]: fetchDetails,
  [BACKFILL]: backfillDetails,
  [RECONCILE]: reconcile,
};
