import {
  CONSENT_CHANNELS,
  type ConsentInput,
  everythingRefused,
  PURPOSES,
  type Purpose,
} from '../../schema/consent.ts';
import type { Locale } from '../../schema/survey.ts';
import type { Runtime } from '../platform/env.ts';
import type { CheckedLink } from '../platform/link-token.ts';
import { append } from '../record/append.ts';
import { recordConsents } from '../record/consent/ledger.ts';
import { type Owner, ownerOf } from './recipients.ts';
import { requestLink } from './requests.ts';
import { outboxSource } from './source.ts';

/** Ending mails by the link that stood in one of them. It refuses and never agrees: a mail may have been passed on. */

/** Version of the words of the pages where people choose; it changes with what they mean. */
export const WORDING = 'preferences-2026-11';

/** The mail that such a link came with, and whose it was. */
export type LeftMail = {
  readonly publicId: string;
  readonly purpose: string;
  readonly address: string | null;
  readonly owner: Owner;
};

/** Null for a mail to somebody who is not there any more. */
export async function leftMail({ db }: Runtime, { rowId, fragmentId, isFor }: CheckedLink): Promise<LeftMail | null> {
  const mail = await db
    .prepare('SELECT public_id AS publicId, purpose, address FROM mail WHERE id = ?1')
    .bind(rowId)
    .first<Omit<LeftMail, 'owner'>>();
  const owner = mail && (await ownerOf({ db }, fragmentId));
  if (!mail || !owner || (mail.address !== null && !(await isFor(mail.address)))) return null;
  return { ...mail, owner };
}

type Refusal = Pick<ConsentInput, 'purpose' | 'channel' | 'state'>;

/** What the mailbox program's own button refuses: mails of this kind; of offers and surveys where the mail was neither. */
const oneClick = ({ purpose }: LeftMail): Refusal[] => {
  const purposes: readonly Purpose[] =
    purpose === 'service' ? ['marketing', 'research'] : PURPOSES.filter((known) => known === purpose);
  return purposes.map((one) => ({ purpose: one, channel: 'email', state: 'denied' }));
};

/** What is ended: all mails of a purpose by any way, everything that can be, or what the mailbox program's button means. */
export type Ending = Purpose | 'everything' | 'one_click';

const refusalsOf = (mail: LeftMail, ending: Ending): readonly Refusal[] => {
  if (ending === 'one_click') return oneClick(mail);
  if (ending === 'everything') return everythingRefused();
  return CONSENT_CHANNELS.map((channel) => ({ purpose: ending, channel, state: 'denied' as const }));
};

/** Writes the refusal, and once for each mail the contact that it is. Bears repetition. @throws DatabaseBusy */
export async function leave(runtime: Runtime, mail: LeftMail, ending: Ending): Promise<void> {
  const { db, clock } = runtime;
  // The kind says by itself that offers and surveys are refused: what ends one of them only is another.
  const isAll = ending === 'everything' || (ending === 'one_click' && mail.purpose === 'service');
  const kind = isAll ? 'email_unsubscribed' : 'preferences_changed';
  await recordConsents(runtime, mail.owner.publicId, {
    consents: refusalsOf(mail, ending),
    basis: 'unsubscribe',
    wording: WORDING,
    proof: { mail: mail.publicId, by: ending },
  });
  await append(db, clock, {
    sourceId: await outboxSource(runtime),
    fragmentId: mail.owner.fragmentId,
    touchpoints: [
      {
        messageId: `${kind}:${mail.publicId}`,
        kind,
        channel: 'email',
        direction: 'in',
        initiator: 'customer',
        occurredAt: null,
        person: { key: '', identifiers: [] },
        data: { by: ending },
      },
    ],
  });
}

/** Has a link sent to the address that mail went to, and nowhere else. */
export async function sendFresh(runtime: Runtime, mail: LeftMail, locale: Locale, origin: string): Promise<void> {
  if (mail.address !== null) await requestLink(runtime, { address: mail.address, locale, origin });
}
