import type { Runtime } from '../platform/env.ts';
import { logError } from '../platform/log.ts';
import type { Delivery, Provider, Verdict, VerifyContext } from './provider.ts';
import type { Source } from './store.ts';

/** The older of two secrets is valid for so long after a change, so that a sender can be moved over without a gap. */
export const ROTATION_MS = 24 * 3600 * 1000;

/** A use of the old secret is written down at most so often: the owner wants to know whether it is still used, not each time. */
const NOTED_MS = 60_000;
const noted = new Map<number, number>();

/** Writes down that the older secret has signed something. A hint for the page: a delivery does not fail for it. */
async function noteOldSecret({ db, clock }: Runtime, source: Source): Promise<void> {
  const now = clock.now();
  if ((noted.get(source.id) ?? 0) > now - NOTED_MS) return;
  noted.set(source.id, now);
  await db
    .prepare('UPDATE source SET old_secret_used_at = ?2 WHERE id = ?1')
    .bind(source.id, now)
    .run()
    .catch(logError);
}

/**
 * Verifies with the secrets that are valid. While there are two, the newer is tried alone first, so that the owner can be told
 * when the sender was last heard with the older.
 */
export async function verifyRotating(
  runtime: Runtime,
  source: Source,
  provider: Provider,
  delivery: Delivery,
  context: VerifyContext,
): Promise<Verdict> {
  const [newer, older] = context.secrets;
  if (newer === undefined || older === undefined) return provider.verify(delivery, context);
  const verdict = await provider.verify(delivery, { ...context, secrets: [newer] });
  if (verdict.ok) return verdict;
  const second = await provider.verify(delivery, { ...context, secrets: [older] });
  if (second.ok) await noteOldSecret(runtime, source);
  return second.ok ? second : verdict;
}
