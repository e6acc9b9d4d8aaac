import { withRetry } from '../platform/database.ts';
import type { Runtime } from '../platform/env.ts';
import type { VerifyContext } from './provider.ts';

type Row = { holder: string; first_at: number };

/**
 * Who a token belongs to: whoever showed it first, for good. The unique key decides, not a look before. Asked only where a
 * sender shows a token, after its signature was checked.
 */
export const holderOf =
  ({ db, clock }: Runtime, sourceId: number): VerifyContext['hold'] =>
  async (token, holder, mayTake) => {
    const read = db
      .prepare('SELECT holder, first_at FROM proof WHERE source_id = ?1 AND token_hash = ?2')
      .bind(sourceId, token);
    const take = db
      .prepare(
        'INSERT INTO proof (source_id, token_hash, holder, first_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING',
      )
      .bind(sourceId, token, holder, clock.now());
    const results = await withRetry(() => db.batch<Row>(mayTake ? [take, read] : [read]));
    const row = results.at(-1)?.results[0];
    return row?.holder === holder ? row.first_at : null;
  };

const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Lets go of tokens that nobody can show any more. Called by cron. */
export async function pruneProofs({ db, clock }: Runtime): Promise<void> {
  await db
    .prepare('DELETE FROM proof WHERE first_at < ?1')
    .bind(clock.now() - KEPT_MS)
    .run();
}
