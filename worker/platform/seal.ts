import { signHmac, utf8 } from './hmac.ts';

/** What tokens of ours are made of: MACs as text that survives addresses and links. */

// Lower case only: servers on the way may fold the case of an address.
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= 31;
  }
  return text;
}

/** The first `bytes` bytes of the HMAC-SHA256 of `text`, in base32. */
export async function macOf(key: string, text: string, bytes: number): Promise<string> {
  return base32((await signHmac('SHA-256', utf8(key), utf8(text))).slice(0, bytes));
}
