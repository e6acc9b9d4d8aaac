import { isSame } from './hmac.ts';
import { macOf } from './seal.ts';

/**
 * Words that stand in a link of ours, or in a cookie, and say what their bearer may do: one purpose, for one person (a fragment),
 * by one row of ours, to whom it was sent and until when. All of it is inside the MAC, the purpose too: a token made for
 * one purpose is none for another. What must be usable once, or be taken back, is kept in that row besides.
 *
 * `preferences` opens the preference centre, once. `access` is what its opening gives: the centre for half an hour.
 * `unsubscribe` stands in mails, which are passed on: it ends mails and changes consent, and shows nothing.
 */
export const LINK_PURPOSES = ['preferences', 'access', 'unsubscribe'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

export type LinkClaims = {
  /** The row of ours that stands behind it: of a mail or of a link. */
  readonly rowId: number;
  readonly fragmentId: number;
  /** Epoch ms, kept to the minute. */
  readonly expiresAt: number;
};
export type CheckedLink = LinkClaims & {
  /** True for the address it was sent to; for one that was sent nowhere, of ''. */
  isFor(address: string): Promise<boolean>;
};

const MINUTE_MS = 60_000;
/** 40 bits tell addresses apart; 160 bits keep a token from being guessed. */
const TAG_BYTES = 5;
const MAC_BYTES = 20;
const TOKEN = /^([0-9a-z]{1,9})-([0-9a-z]{1,9})-([0-9a-z]{1,7})-([a-z2-7]{8})([a-z2-7]{32})$/;

const tagOf = (key: string, head: string, address: string): Promise<string> =>
  macOf(key, `link-address.${head}.${address.trim().toLowerCase()}`, TAG_BYTES);
const sealOf = (key: string, purpose: LinkPurpose, body: string): Promise<string> =>
  macOf(key, `link-token.${purpose}.${body}`, MAC_BYTES);

/** A token of a-z, 0-9 and "-", at most 70 characters. `address` is whom it is sent to, '' for nobody. */
export async function makeLinkToken(
  key: string,
  purpose: LinkPurpose,
  { rowId, fragmentId, expiresAt }: LinkClaims,
  address: string,
): Promise<string> {
  const minute = Math.floor(expiresAt / MINUTE_MS);
  const head = [rowId, fragmentId, minute].map((part) => part.toString(36)).join('-');
  const body = `${head}-${await tagOf(key, head, address)}`;
  return `${body}${await sealOf(key, purpose, body)}`;
}

/** What a token says, null for one that is forged, changed, made for another purpose or past its time. */
export async function checkLinkToken(
  key: string,
  purpose: LinkPurpose,
  token: string,
  now: number,
): Promise<CheckedLink | null> {
  const match = TOKEN.exec(token);
  if (!match) return null;
  const [, row = '', fragment = '', minute = '', tag = '', seal = ''] = match;
  const head = `${row}-${fragment}-${minute}`;
  if (!(await isSame(seal, await sealOf(key, purpose, `${head}-${tag}`)))) return null;
  const expiresAt = Number.parseInt(minute, 36) * MINUTE_MS;
  if (expiresAt <= now) return null;
  return {
    rowId: Number.parseInt(row, 36),
    fragmentId: Number.parseInt(fragment, 36),
    expiresAt,
    isFor: async (address) => isSame(tag, await tagOf(key, head, address)),
  };
}
