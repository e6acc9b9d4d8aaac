import type { Runtime } from '../platform/env.ts';

/** What is sent from here, and what people decide on the pages it leads to, comes by a source of its own, made with the first of it. */
const OUTBOX_KIND = 'outbox';

/** Its internal id. */
export async function outboxSource({ db, clock }: Runtime): Promise<number> {
  // As with what staff log: the key is the kind, no door answers to it, and a second one cannot be made.
  const row = await db
    .prepare(
      `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at)
       VALUES (?1, ?2, 'Mails from here', ?2, '[]', '{}', ?3)
       ON CONFLICT (key) DO UPDATE SET kind = excluded.kind RETURNING id`,
    )
    .bind(clock.uuid(), OUTBOX_KIND, clock.now())
    .first<{ id: number }>();
  if (!row) throw new Error('the source of mails was inserted but not returned');
  return row.id;
}
