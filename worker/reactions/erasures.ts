import * as v from 'valibot';
import type { JobHandler, NewJob } from '../platform/jobs.ts';
import { erase, nextOfSource, subjectAtSource } from '../record/erasure/erase.ts';
import { sweepErased } from '../record/erasure/sweep.ts';
import type { Cause } from './action.ts';

/** What sources ask for in the name of privacy law, done by durable jobs: each as far as that source knows the people. */
export const ERASE_PERSON = 'erase_person';
export const ERASE_SOURCE = 'erase_source';

/** Steps of the search through bodies right after an erasure; cron does the rest. */
const SWEEP_STEPS = 2;
/** People of a source that one job erases; the next one goes on. */
const AT_ONCE = 20;

export const erasePersonJob = ({ seq, fragmentId }: Cause): NewJob => ({
  key: `${ERASE_PERSON}:${seq}`,
  kind: ERASE_PERSON,
  payload: { fragmentId },
});

/** `part` tells the jobs of one walk over a source apart. */
export const eraseSourceJob = (
  { seq, fragmentId }: Pick<Cause, 'seq' | 'fragmentId'>,
  part: number | null,
): NewJob => ({
  key: `${ERASE_SOURCE}:${seq}:${part ?? 0}`,
  kind: ERASE_SOURCE,
  payload: { seq, fragmentId, part: part ?? 0 },
});

const PersonPayload = v.object({ fragmentId: v.number() });
const SourcePayload = v.object({ seq: v.number(), fragmentId: v.number(), part: v.number() });

/** Erases the person of a fragment as its source knows them. Who is gone already is no fault. */
export const eraseAtSource: JobHandler = async (runtime, job) => {
  const { fragmentId } = v.parse(PersonPayload, job.payload);
  const erased = await erase(runtime, () => subjectAtSource(runtime.db, fragmentId), 'source_asked');
  await sweepErased(runtime, SWEEP_STEPS);
  return { outcome: 'done', note: erased ? `Erased, with certificate ${erased.id}.` : 'There was nobody to erase.' };
};

/** Erases all people of the source that a fragment belongs to, some at a time. */
export const eraseSource: JobHandler = async (runtime, job) => {
  const { seq, fragmentId, part } = v.parse(SourcePayload, job.payload);
  const source = await runtime.db
    .prepare('SELECT source_id AS id FROM fragment WHERE id = ?1')
    .bind(fragmentId)
    .first<{ id: number }>();
  if (!source) return { outcome: 'done', note: 'There is no such source.' };
  for (let done = 0; done < AT_ONCE; done++) {
    // Whoever comes after the request is somebody new.
    const next = await nextOfSource(runtime.db, source.id, fragmentId);
    if (next === null) return { outcome: 'done', note: 'Everybody of this source is erased.' };
    const find = async () => {
      const subject = await subjectAtSource(runtime.db, next);
      return subject && { ...subject, isOneOfMany: true as const };
    };
    await erase(runtime, find, 'source_asked');
  }
  return { outcome: 'done', next: [eraseSourceJob({ seq, fragmentId }, part + 1)] };
};
