import { describe, expect, it } from 'vitest';
import {
  decodeBase64,
  decodeHex,
  encodeBase64,
  encodeHex,
  sha256Hex,
  signHmac,
  utf8,
  verifyEd25519,
  verifyHmac,
} from '../../worker/platform/hmac.ts';
import { fc } from '../support/chance.ts';

const bytes = (hex: string) => decodeHex(hex) ?? new Uint8Array();

describe('HMAC', () => {
  it('agrees with the published vectors (RFC 4231 case 2, RFC 2202 case 2)', async () => {
    const message = utf8('what do ya want for nothing?');
    const sha256 = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(encodeHex(await signHmac('SHA-256', utf8('Jefe'), message))).toBe(sha256);
    expect(await verifyHmac('SHA-256', utf8('Jefe'), bytes(sha256), message)).toBe(true);
    expect(encodeHex(await signHmac('SHA-1', utf8('Jefe'), message))).toBe('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79');
  });

  it('verifies nothing with an empty key, and does not sign with one', async () => {
    expect(await verifyHmac('SHA-256', new Uint8Array(), new Uint8Array(32), utf8(''))).toBe(false);
    await expect(signHmac('SHA-256', new Uint8Array(), utf8('text'))).rejects.toThrow(RangeError);
  });

  it('refuses a signature cut short', async () => {
    const signature = await signHmac('SHA-256', utf8('key'), utf8('text'));
    expect(await verifyHmac('SHA-256', utf8('key'), signature.slice(0, 16), utf8('text'))).toBe(false);
    expect(await verifyHmac('SHA-256', utf8('key'), new Uint8Array(), utf8('text'))).toBe(false);
  });
});

it('verifies Ed25519 by the published vector (RFC 8032 section 7.1, test 2)', async () => {
  const key = bytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = bytes(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  expect(await verifyEd25519(key, signature, bytes('72'))).toBe(true);
  expect(await verifyEd25519(key, signature, bytes('73'))).toBe(false);
  expect(await verifyEd25519(key.slice(1), signature, bytes('72'))).toBe(false);
});

it('hashes as published (FIPS 180-4, "abc")', async () => {
  expect(await sha256Hex(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

describe('spellings of bytes', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (given) => {
        expect(decodeHex(encodeHex(given))).toEqual(given);
        expect(decodeBase64(encodeBase64(given))).toEqual(given);
        expect(encodeBase64(given)).toBe(Buffer.from(given).toString('base64'));
      }),
    );
  });

  it.each(['a', 'AB', 'zz', '0x00', ' ab', 'ab '])('%j is not hex', (text) => {
    expect(decodeHex(text)).toBeNull();
  });

  it.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA==AA==', 'A===', '====', 'AA==\n', 'AA-_', 'AA==, AA=='])(
    '%j is not base64 in its one spelling',
    (text) => {
      expect(decodeBase64(text)).toBeNull();
    },
  );
});
