import {
  addressKindOf,
  type Basis,
  type ConsentChannel,
  type Purpose,
  type SuppressionReason,
} from '../../../schema/consent.ts';
import { normaliseEmail, normalisePhone } from '../../../schema/identifiers.ts';
import { COUNTS, latestOf, suppressedOf } from './standing.ts';

/** What is about to be sent, or asked, or noted. */
export type Contact = {
  readonly purpose: Purpose;
  readonly channel: ConsentChannel;
  /** The e-mail address or telephone number it goes to. Left out, every address of theirs is looked at, and one that may not be is enough. */
  readonly address?: string;
};

/** Why not. Each can be told in words by `whyNot`. Times are epoch ms. */
export type Obstacle =
  | { readonly rule: 'nobody' }
  | { readonly rule: 'suppressed'; readonly reason: SuppressionReason; readonly at: number }
  | { readonly rule: 'denied'; readonly basis: Basis; readonly at: number }
  | { readonly rule: 'not_confirmed'; readonly at: number }
  | { readonly rule: 'never_agreed' };
export type MayContact = { readonly ok: true } | { readonly ok: false; readonly why: Obstacle };

/** Purposes for which silence is no. The rest is theirs to refuse. */
export const ASKED_FIRST: readonly Purpose[] = ['marketing'];

const OWN = 'SELECT g.id FROM fragment f CROSS JOIN fragment g ON g.customer_id = f.customer_id WHERE f.id = ?1';
/** The address in mind, or without one each of theirs. */
const ADDRESSES = `SELECT i.kind, i.value FROM (${OWN}) m CROSS JOIN identifier i ON i.fragment_id = m.id AND +i.kind = ?4 WHERE ?5 IS NULL
  UNION SELECT ?4, ?5 WHERE ?5 IS NOT NULL`;

/**
 * Fragments of whoever has one of `addresses` (a subquery of kind and value) by more than a claim: what was refused there, was refused
 * for the address.
 */
export const holdersOf = (addresses: string): string =>
  `SELECT h.fragment_id AS id FROM (${addresses}) a
   CROSS JOIN identifier h ON h.kind = a.kind AND h.value = a.value AND h.scope = 0 AND h.assurance > 1`;
const WITH_ADDRESS = `${OWN} UNION ${holdersOf(ADDRESSES)}`;

const WORDS = `SELECT l.state, l.basis, l.at, l.assurance, l.fragment_id IN (${OWN}) AS is_own
  FROM (${latestOf(WITH_ADDRESS, '9007199254740991')}) l WHERE l.purpose = ?2 AND l.channel = ?3 AND l.state <> 'none' ORDER BY ${COUNTS}`;

type WordRow = { state: 'granted' | 'denied'; basis: Basis; at: number; assurance: number; is_own: number };
type SuppressedRow = { channel: ConsentChannel; reason: SuppressionReason; at: number };

const normal = (kind: 'email' | 'phone' | null, address: string | undefined): string | null => {
  if (address === undefined || kind === null) return null;
  return (kind === 'email' ? normaliseEmail(address) : normalisePhone(address)) ?? address;
};

/**
 * Whether somebody may be contacted, as things stand now; to be asked right before each sending, not when it is planned.
 * `customer` is an internal id, former ones count. One round trip; reads only.
 * Answers, in this order: no to an address that is suppressed, whatever for; no where they, or anybody known to have the address,
 * refused; to offers no unless they agreed by more than a claim. What is ticked in a form beside an address permits nothing, whoever is
 * known to have the address, since anybody may have typed it: the preference centre is where they confirm it.
 */
export async function mayContact(db: D1Database, customer: number, contact: Contact): Promise<MayContact> {
  const { purpose, channel } = contact;
  const kind = addressKindOf(channel);
  const address = normal(kind, contact.address);
  // Numbered parameters: each statement takes as many as its greatest number says.
  const all = [customer, purpose, channel, kind, address];
  const [state, suppressed, words] = await db.batch([
    db.prepare(`SELECT 1 WHERE EXISTS (${OWN})`).bind(customer),
    db
      .prepare(`SELECT * FROM (${suppressedOf(ADDRESSES)}) WHERE channel = ?3 AND ?2 = ?2 ORDER BY at DESC, reason`)
      .bind(...all),
    db.prepare(WORDS).bind(...all),
  ]);
  const rows = <Row>(result: D1Result | undefined) => (result?.results ?? []) as Row[];
  if (rows(state).length === 0) return no({ rule: 'nobody' });
  const [blocked] = rows<SuppressedRow>(suppressed);
  if (blocked) return no({ rule: 'suppressed', reason: blocked.reason, at: blocked.at });
  const said = rows<WordRow>(words);
  const refused = said.find((word) => word.state === 'denied');
  if (refused) return no({ rule: 'denied', basis: refused.basis, at: refused.at });
  if (!ASKED_FIRST.includes(purpose)) return { ok: true };
  const agreed = said.filter((word) => word.is_own === 1);
  const [latest] = agreed;
  if (!latest) return no({ rule: 'never_agreed' });
  if (agreed.some((word) => word.assurance > 1)) return { ok: true };
  return no({ rule: 'not_confirmed', at: latest.at });
}

const no = (why: Obstacle): MayContact => ({ ok: false, why });

const ADDRESS_WORDS: Readonly<Record<SuppressionReason, string>> = {
  bounce: 'mail to this address came back for good',
  complaint: 'this address reported our mail as spam',
  stop_word: 'this number asked for no more messages',
};
const BASIS_WORDS: Readonly<Record<Basis, string>> = {
  source: 'as a connected system told',
  preference_centre: 'in the preference centre',
  unsubscribe: 'by unsubscribing',
  stop_word: 'by answering STOP',
  bounce: 'since mail came back',
  complaint: 'by reporting our mail as spam',
  form: 'in a form',
  staff: 'as staff noted',
  before_erasure: 'before they had their data erased,',
};
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The reason in plain English, with its day (UTC), to be kept beside what was not sent. */
export function whyNot(why: Obstacle): string {
  switch (why.rule) {
    case 'nobody':
      return 'the record is not there any more';
    case 'suppressed':
      return `${ADDRESS_WORDS[why.reason]} on ${dayOf(why.at)}`;
    case 'denied':
      return `they refused ${BASIS_WORDS[why.basis]} on ${dayOf(why.at)}`;
    case 'not_confirmed':
      return `somebody agreed in a form on ${dayOf(why.at)}, but nothing shows it was them: send a preference link`;
    case 'never_agreed':
      return 'they have not agreed to it';
  }
}
