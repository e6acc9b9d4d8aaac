import type { Miniflare } from 'miniflare';
import { writeEdits } from '../../worker/record/edits.ts';
import { stillClock } from './record.ts';

/** Members of staff and whom they look after, for tests about what they are told. */
export async function addMember(db: D1Database, name: string): Promise<string> {
  const id = crypto.randomUUID();
  await db.prepare('INSERT INTO staff_member (public_id, name) VALUES (?1, ?2)').bind(id, name).run();
  return id;
}

/** Says who looks after a customer; null for nobody. */
export const setOwner = (db: D1Database, customer: string, member: string | null): Promise<boolean> =>
  writeEdits({ db, clock: stillClock(Date.now()) }, customer, [{ field: 'owner', value: member }], {
    actor: 'staff',
    reason: null,
  });

/** What cron does each minute. */
export async function minute(worker: Miniflare): Promise<void> {
  const { outcome } = await (await worker.getWorker()).scheduled({ cron: '* * * * *' });
  if (outcome !== 'ok') throw new Error(`the minute ended with ${outcome}`);
}
