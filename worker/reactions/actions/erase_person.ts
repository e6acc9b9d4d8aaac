import { insertJobs } from '../../platform/jobs.ts';
import type { Action } from '../action.ts';
import { erasePersonJob } from '../erasures.ts';

export default {
  id: 'erase_person',
  title: 'Erase the person as that source knows them',
  write: (db, causes, now) => [insertJobs(db, causes.map(erasePersonJob), now)],
} satisfies Action;
