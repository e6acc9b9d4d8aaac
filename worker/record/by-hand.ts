import type { Channel, Direction, Handler } from '../../schema/vocabulary.ts';
import type { Runtime } from '../platform/env.ts';
import { append } from './append.ts';

/** Contacts that staff write down themselves (A6). They come in by a source of their own, made with the first of them. */
export const STAFF_KIND = 'staff';

export type HandLogged = {
  /** Made by the form, so that pressing "save" twice logs once. Means something on the record of this customer only. */
  readonly messageId: string;
  readonly kind: 'call_logged' | 'meeting_held' | 'letter_sent' | 'note_added';
  readonly direction: Direction;
  readonly handler: Handler;
  readonly purpose?: string;
  readonly text: string;
  /** Epoch ms; null for now. */
  readonly occurredAt: number | null;
};

const CHANNEL_OF: Readonly<Record<HandLogged['kind'], Channel>> = {
  call_logged: 'phone',
  meeting_held: 'meeting',
  letter_sent: 'letter',
  note_added: 'web',
};

async function staffSource({ db, clock }: Runtime): Promise<number> {
  // The key of this one source is its kind: no door answers to it, and a second one cannot be made.
  const row = await db
    .prepare(
      `INSERT INTO source (public_id, kind, name, key, secrets, settings, created_at) VALUES (?1, ?2, 'Staff', ?2, '[]', '{}', ?3)
       ON CONFLICT (key) DO UPDATE SET kind = excluded.kind RETURNING id`,
    )
    .bind(clock.uuid(), STAFF_KIND, clock.now())
    .first<{ id: number }>();
  if (!row) throw new Error('the staff source was inserted but not returned');
  return row.id;
}

/** Logs a contact on the record of a customer (internal id). */
export async function logByHand(runtime: Runtime, customer: number, contact: HandLogged): Promise<void> {
  const { messageId, kind, direction, handler, purpose, text, occurredAt } = contact;
  await append(runtime.db, runtime.clock, {
    sourceId: await staffSource(runtime),
    fragmentId: customer,
    touchpoints: [
      {
        messageId: `${customer}:${messageId}`,
        kind,
        channel: CHANNEL_OF[kind],
        direction,
        initiator: direction === 'in' ? 'customer' : 'company',
        handler,
        ...(purpose && { purpose }),
        occurredAt,
        text,
        person: { key: '', identifiers: [] },
      },
    ],
  });
}
