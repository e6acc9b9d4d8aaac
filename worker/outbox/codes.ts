import type { Runtime } from '../platform/env.ts';
import { signHmac, utf8 } from '../platform/hmac.ts';
import { macOf } from '../platform/seal.ts';

/**
 * Six digits that prove an address: made from the row of the request and the key of tokens whenever they are needed, and kept nowhere.
 * The row binds them to one source, one browser and one address.
 */
export type Confirmation = {
  readonly publicId: string;
  readonly sourceId: number;
  /** Keyed hashes. */
  readonly visitor: string;
  readonly address: string;
};

const HASH_BYTES = 20;
const DIGITS = 6;

/** Which browser on which site, as its rows name it. */
export const visitorHash = (key: string, sourceId: number, visitor: string): Promise<string> =>
  macOf(key, `confirm-visitor.${sourceId}.${visitor}`, HASH_BYTES);

/** An address in its normal form, as its rows name it. */
export const addressHash = (key: string, address: string): Promise<string> =>
  macOf(key, `confirm-address.${address}`, HASH_BYTES);

/** The code of a row. */
export async function codeOf(key: string, { publicId, sourceId, visitor, address }: Confirmation): Promise<string> {
  const mac = await signHmac('SHA-256', utf8(key), utf8(`confirm-code.${publicId}.${sourceId}.${visitor}.${address}`));
  // 48 bits for a million codes: none of them is likelier than another by more than a part in 10^8.
  const number = mac.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The code that a mail brings and until when it is good, epoch ms; null where its row is gone. */
export async function codeOfMail(
  { db, tokenKey }: Pick<Runtime, 'db' | 'tokenKey'>,
  mailId: string,
): Promise<{ readonly code: string; readonly expiresAt: number } | null> {
  const row = await db
    .prepare(
      `SELECT public_id AS publicId, source_id AS sourceId, visitor, address, expires_at AS expiresAt
       FROM confirmation WHERE public_id = ?1`,
    )
    .bind(mailId)
    .first<Confirmation & { expiresAt: number }>();
  return row && tokenKey ? { code: await codeOf(tokenKey, row), expiresAt: row.expiresAt } : null;
}
