import { insertJobs } from '../../platform/jobs.ts';
import type { Action } from '../action.ts';
import { eraseSourceJob } from '../erasures.ts';
import { holdBack } from '../source-erasures.ts';

export default {
  id: 'erase_source',
  title: 'Erase everybody as that source knows them, after some hours in which staff may stop it',
  write: (db, causes, now) => {
    const jobs = causes.map((cause) => eraseSourceJob(cause, null));
    return [
      insertJobs(db, jobs, now),
      holdBack(
        db,
        jobs.map(({ key }) => key),
        now,
      ),
    ];
  },
} satisfies Action;
