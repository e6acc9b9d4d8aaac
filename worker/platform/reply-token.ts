import { isSame } from './hmac.ts';
import { macOf } from './seal.ts';

/**
 * Words that stand in an address of ours, `reply+<token>@…`, and say whose answer comes there. A token is for one person (a
 * fragment), one source, one purpose, one address it was sent to and until one day; none of it can be changed without the key.
 *
 * What it proves: that we wrote to that person, and that whoever uses it has that mail, as the addressee has and anybody it was
 * passed on to. So it brings a mail to the person's conversation, and vouches for a sender's address only where that is the very
 * one it was sent to, which the person's record holds anyway. Passing a mail on therefore joins no two people.
 */
export type ReplyClaims = {
  readonly fragmentId: number;
  readonly sourceId: number;
};
export type CheckedReply = ReplyClaims & {
  /** True for the address the token was sent to. */
  isFor(address: string): Promise<boolean>;
};
/** What a token may be used for: one made for another purpose is none. */
export type ReplyPurpose = 'reply';

const DAY_MS = 24 * 3600 * 1000;
/** 40 bits tell addresses apart for one who cannot try them out; 120 bits keep a token from being guessed. */
const TAG_BYTES = 5;
const MAC_BYTES = 15;
const TOKEN = /^([0-9a-z]{1,9})-([0-9a-z]{1,6})-([0-9a-z]{1,5})-([a-z2-7]{8})([a-z2-7]{24})$/;

const tagOf = (key: string, head: string, address: string): Promise<string> =>
  macOf(key, `mail-address.${head}.${address.trim().toLowerCase()}`, TAG_BYTES);
const sealOf = (key: string, purpose: ReplyPurpose, body: string): Promise<string> =>
  macOf(key, `mail-token.${purpose}.${body}`, MAC_BYTES);

/** A token for `address`, valid to the end of the day of `expiresAt` (epoch ms, UTC). At most 56 characters of a-z, 0-9 and "-". */
export async function makeReplyToken(
  key: string,
  { fragmentId, sourceId, address, expiresAt }: ReplyClaims & { readonly address: string; readonly expiresAt: number },
  purpose: ReplyPurpose = 'reply',
): Promise<string> {
  const head = [fragmentId, sourceId, Math.floor(expiresAt / DAY_MS)].map((part) => part.toString(36)).join('-');
  const body = `${head}-${await tagOf(key, head, address)}`;
  return `${body}${await sealOf(key, purpose, body)}`;
}

/** What a token says, null for one that is forged, changed, made for another purpose or past its day. */
export async function checkReplyToken(
  key: string,
  token: string,
  now: number,
  purpose: ReplyPurpose = 'reply',
): Promise<CheckedReply | null> {
  const match = TOKEN.exec(token.toLowerCase());
  if (!match) return null;
  const [, fragment = '', source = '', day = '', tag = '', seal = ''] = match;
  const head = `${fragment}-${source}-${day}`;
  if (!(await isSame(seal, await sealOf(key, purpose, `${head}-${tag}`)))) return null;
  if (Number.parseInt(day, 36) < Math.floor(now / DAY_MS)) return null;
  return {
    fragmentId: Number.parseInt(fragment, 36),
    sourceId: Number.parseInt(source, 36),
    isFor: async (address) => isSame(tag, await tagOf(key, head, address)),
  };
}
