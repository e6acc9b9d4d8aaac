import { decodeBase64, utf8 } from '../../platform/hmac.ts';
import type { SignatureScheme } from '../verify.ts';

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * Not with the `standardwebhooks` package: it reads the clock itself, so that no test can say what time it is, and knows
 * the symmetric v1 only. The tests hold both against each other.
 */
const common = (prefix: string) =>
  ({
    header: `${prefix}-signature`,
    encoding: 'base64',
    signed: '{id}.{timestamp}.{body}',
    idHeader: `${prefix}-id`,
    timestamp: { header: `${prefix}-timestamp`, unit: 'seconds', toleranceSeconds: 300 },
  }) as const;

/**
 * HMAC with a shared secret, v1. `prefix` is `svix` with senders that kept the names of before the standard; `keys` where a
 * secret is not base64 behind `whsec_`.
 */
export const symmetricScheme = (
  prefix: 'webhook' | 'svix' = 'webhook',
  keys: NonNullable<SignatureScheme['keys']> = symmetricKeys,
): SignatureScheme => ({ ...common(prefix), algorithm: 'SHA-256', layout: { as: 'list', version: 'v1' }, keys });

/** Ed25519 with the sender's public key, v1a. */
export const asymmetricScheme: SignatureScheme = {
  ...common('webhook'),
  algorithm: 'Ed25519',
  layout: { as: 'list', version: 'v1a' },
  keys: (secret) => {
    const key = secret.startsWith('whpk_') ? decodeBase64(secret.slice('whpk_'.length)) : null;
    return key ? [key] : [];
  },
};

/** Base64 as the standard has it, with or without padding; senders that take any text sign with the text itself. */
function symmetricKeys(secret: string): readonly Uint8Array[] {
  if (secret.startsWith('whpk_')) return [];
  const text = secret.replace(/^whsec_/, '');
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  return [decodeBase64(padded) ?? utf8(text)];
}
