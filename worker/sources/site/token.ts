import * as v from 'valibot';
import { Traits } from '../../../schema/survey.ts';
import { decodeHex, encodeBase64, encodeHex, sha256Hex, signHmac, utf8, verifyHmac } from '../../platform/hmac.ts';
import { parseJson } from '../../platform/json.ts';
import type { VerifyContext } from '../provider.ts';

/**
 * Identity tokens: how an owner's server vouches for a visitor who has signed in there.
 *
 * `base64url(JSON)` `.` `hex(HMAC-SHA256(secret, base64url(JSON)))`, the secret as the text it is shown as. The JSON names the
 * person (`sub`, `email`, `phone`, `name`, and what else is known of them under `traits`) and holds `exp`, seconds since 1970, at most ten minutes ahead; `visitor` binds it to
 * one browser. There is one algorithm and no header to choose another by, and the secret belongs to one source.
 */
const text = (most: number) => v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(most)));
const Claims = v.pipe(
  v.object({
    sub: v.optional(
      v.union([v.pipe(v.string(), v.minLength(1), v.maxLength(200)), v.pipe(v.number(), v.safeInteger())]),
    ),
    email: text(254),
    phone: text(40),
    name: text(200),
    visitor: text(36),
    traits: v.optional(Traits),
    exp: v.pipe(v.number(), v.finite()),
  }),
  v.check(({ sub, email, phone }) => sub !== undefined || email !== undefined || phone !== undefined),
);
export type Claims = v.InferOutput<typeof Claims>;

/** Most seconds a token may be good for, and how far the two clocks may be apart. */
const MAX_AGE_S = 600;
const SKEW_S = 60;
/** A visitor who has shown a token goes on being that person for so long. */
export const HELD_MS = 24 * 3600 * 1000;

function decodeBase64Url(encoded: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(encoded)) return null;
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** What a token says, its signature not looked at; null for what is none. For a delivery that was verified when it came. */
export function readClaims(token: string): Claims | null {
  const bytes = decodeBase64Url((token.split('.', 1)[0] ?? '').replace(/=+$/, ''));
  const parsed = bytes && parseJson(bytes);
  if (!parsed?.ok) return null;
  const claims = v.safeParse(Claims, parsed.value);
  return claims.success ? claims.output : null;
}

/**
 * A token of our own making, as an owner's server would make it, that is this visitor's from now on. Null without a secret to sign it
 * with.
 */
export async function makeToken(
  { email, visitor }: { readonly email: string; readonly visitor: string },
  { secrets: [secret], now, hold }: Pick<VerifyContext, 'secrets' | 'now' | 'hold'>,
): Promise<string | null> {
  if (!secret) return null;
  const claims = { email, visitor, exp: Math.floor(now / 1000) + MAX_AGE_S };
  const payload = encodeBase64(utf8(JSON.stringify(claims)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
  const token = `${payload}.${encodeHex(await signHmac('SHA-256', utf8(secret), utf8(payload)))}`;
  await hold(await sha256Hex(utf8(token)), visitor, true);
  return token;
}

async function isSigned(token: string, secrets: readonly string[]): Promise<boolean> {
  const [payload = '', signature = '', rest] = token.split('.');
  const bytes = decodeHex(signature.toLowerCase());
  if (rest !== undefined || payload === '' || bytes?.length !== 32) return false;
  for (const secret of secrets) if (await verifyHmac('SHA-256', utf8(secret), bytes, utf8(payload))) return true;
  return false;
}

/**
 * Whether a token proves who this visitor is: signed, meant for them, fresh when first shown, and shown by nobody else. It
 * stays theirs for a day, so that a page left open goes on being theirs.
 */
export async function provesVisitor(
  token: string,
  visitor: string,
  { secrets, now, hold }: Pick<VerifyContext, 'secrets' | 'now' | 'hold'>,
): Promise<boolean> {
  const claims = (await isSigned(token, secrets)) ? readClaims(token) : null;
  if (!claims || (claims.visitor !== undefined && claims.visitor.toLowerCase() !== visitor)) return false;
  const left = claims.exp - now / 1000;
  const isFresh = left > -SKEW_S && left <= MAX_AGE_S + SKEW_S;
  const held = await hold(await sha256Hex(utf8(token)), visitor, isFresh);
  return held !== null && now - held <= HELD_MS;
}
