import { insertJobs } from '../../platform/jobs.ts';
import type { Action } from '../action.ts';
import { eraseSourceJob } from '../erasures.ts';

export default {
  id: 'erase_source',
  title: 'Erase everybody as that source knows them',
  write: (db, causes, now) => [
    insertJobs(
      db,
      causes.map((cause) => eraseSourceJob(cause, null)),
      now,
    ),
  ],
} satisfies Action;
