import { encodeBase64, isSame, utf8 } from '../platform/hmac.ts';
import type { Provider, Verdict } from './provider.ts';

/**
 * For senders that sign nothing (`secret: 'optional'`): the unguessable key in the address is what they prove. Once a secret
 * is set it is demanded besides, as `Authorization: Basic` (the secret is then `user:password`) or `Bearer`.
 */
export const verifyCredentials: Provider['verify'] = async ({ headers }, { secrets }) => {
  const wanted = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
  if (wanted.length === 0) return { ok: true };
  const sent = headers.get('Authorization')?.trim() ?? '';
  if (sent === '') return { ok: false, refusal: { reason: 'signature_missing' } };
  for (const secret of wanted) {
    for (const expected of [basic(secret), `Bearer ${secret}`]) {
      if (await isSame(sent, expected)) return { ok: true };
    }
  }
  return { ok: false, refusal: { reason: 'signature_mismatch' } };
};

/** The header such a sender adds, for a sample; none without a secret. */
export const credentialHeaders = (secret: string): Record<string, string> =>
  secret.trim() === '' ? {} : { Authorization: basic(secret.trim()) };

const basic = (secret: string): string => `Basic ${encodeBase64(utf8(secret))}`;

/**
 * Lets a browser's request pass when its page is one of `origins`, or when the list is empty. A page that hides its
 * origin (`Origin: null`) or sends none is refused once there is a list, unless `Referer` names an origin of it.
 */
export function originVerdict(headers: Headers, origins: readonly string[]): Verdict {
  if (origins.length === 0) return { ok: true };
  const sent = headers.get('Origin') ?? headers.get('Referer') ?? '';
  const origin = originOf(sent);
  const isAllowed = origin !== null && origins.some((allowed) => originOf(allowed) === origin);
  if (isAllowed) return { ok: true };
  return { ok: false, refusal: { reason: 'origin_refused', origin: (origin ?? sent).slice(0, 200) } };
}

function originOf(url: string): string | null {
  const origin = URL.canParse(url) ? new URL(url).origin : 'null';
  return origin === 'null' ? null : origin;
}
