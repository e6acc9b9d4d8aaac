import type { Runtime } from '../../platform/env.ts';
import { type EditBy, writeEdits } from '../edits.ts';
import { readGroup } from './read.ts';

/** Members given to somebody in one go: those heard of last. */
export const MOST_GIVEN = 500;

/**
 * Says of all members of an organisation who looks after them, by the public id of an active member of staff; null for nobody. Gives
 * how many there were; null when there is no such member of staff. Each is said for itself, so that it can be taken back for each.
 * @throws DatabaseBusy
 */
export async function giveOrganisation(
  runtime: Runtime,
  organisation: number,
  owner: string | null,
  by: EditBy,
): Promise<number | null> {
  const { db } = runtime;
  const isThere =
    owner === null ||
    (await db.prepare('SELECT 1 FROM staff_member WHERE public_id = ?1 AND is_active = 1').bind(owner).first()) !==
      null;
  if (!isThere) return null;
  const page = { members: { limit: MOST_GIVEN, offset: 0 }, timeline: { limit: 1, offset: 0 } };
  const { members } = await readGroup(db, 'organisation', organisation, page);
  for (const { id } of members) await writeEdits(runtime, id, [{ field: 'owner', value: owner }], by);
  return members.length;
}
