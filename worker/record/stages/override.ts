import type { Stage } from '../../../schema/vocabulary.ts';
import type { Runtime } from '../../platform/env.ts';
import { customerIdOf } from '../customers.ts';
import { type EditBy, writeEdits } from '../edits.ts';
import { refreshStage } from './follow.ts';

/** A stage that staff set themselves, whatever the rules say. */
export type StageWord = {
  /** Null gives it back to the rules. */
  readonly stage: Stage | null;
  /** Epoch ms until which it stands; null: until it is taken back. */
  readonly untilAt: number | null;
};

/** Sets a customer's stage, or takes back what was set. False when there is no such customer. @throws DatabaseBusy */
export async function setStage(
  runtime: Runtime,
  publicId: string,
  { stage, untilAt }: StageWord,
  by: EditBy,
): Promise<boolean> {
  const isThere = await writeEdits(runtime, publicId, [{ field: 'stage', value: stage, untilAt }], by);
  const id = isThere ? await customerIdOf(runtime.db, publicId) : null;
  if (id !== null) await refreshStage(runtime, id);
  return isThere;
}
