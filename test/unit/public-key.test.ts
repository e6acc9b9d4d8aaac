import { createSign, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { crc32 as referenceCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../worker/platform/crc32.ts';
import { fetchFrom } from '../../worker/platform/egress.ts';
import { encodeBase64, utf8 } from '../../worker/platform/hmac.ts';
import { decodePem, verifyEcdsa, verifyRsa } from '../../worker/platform/public-key.ts';
import { publicKeyOf } from '../../worker/platform/x509.ts';
import { certificateOf, rsaPair, signRsa, spkiPem } from '../support/certificate.ts';
import { fc } from '../support/chance.ts';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const pair = rsaPair();
const spki = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));

describe('a public key', () => {
  it('is read from PEM, from base64 without a frame, and from nothing else', () => {
    const pem = spkiPem(pair);
    expect(decodePem(pem)).toEqual(spki);
    expect(decodePem(pem.replaceAll('\n', '\r\n'))).toEqual(spki);
    expect(decodePem(encodeBase64(spki))).toEqual(spki);
    for (const text of ['', 'not a key!', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----']) {
      expect(decodePem(text)).toBeNull();
    }
  });

  it('verifies RSA, and nothing when it is no key', async () => {
    const signature = bytesOf(signRsa(pair, 'a message'));
    expect(await verifyRsa(spki, signature, utf8('a message'))).toBe(true);
    expect(await verifyRsa(spki, signature, utf8('a massage'))).toBe(false);
    expect(await verifyRsa(spki, signature.subarray(1), utf8('a message'))).toBe(false);
    expect(await verifyRsa(utf8('no key at all'), signature, utf8('a message'))).toBe(false);
  });

  it('verifies ECDSA in the one canonical spelling of DER', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    // Integers with a leading zero and short ones turn up by themselves in a few dozen signatures.
    for (let n = 0; n < 60; n++) {
      const message = `message ${n}`;
      const der = new Uint8Array(createSign('SHA256').update(message).sign(privateKey));
      expect(await verifyEcdsa(key, der, utf8(message))).toBe(true);
      expect(await verifyEcdsa(key, der, utf8(`${message}!`))).toBe(false);
      expect(await verifyEcdsa(key, Uint8Array.from([...der, 0]), utf8(message))).toBe(false);
      const [tag = 0, length = 0, integer = 0, size = 0, ...rest] = der;
      const padded = Uint8Array.from([tag, length + 1, integer, size + 1, 0, ...rest]);
      expect(await verifyEcdsa(key, padded, utf8(message))).toBe(false);
    }
    expect(await verifyEcdsa(spki, new Uint8Array(72), utf8('x'))).toBe(false);
  });
});

describe('a certificate', () => {
  it.each([1, 3] as const)('of version %i gives the key that Node finds in it', (version) => {
    const pem = certificateOf(pair, { version });
    const reference = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
    expect(publicKeyOf(decodePem(pem) ?? new Uint8Array())).toEqual(new Uint8Array(reference));
  });

  it('that is cut short, bent or none at all gives no key, or none that verifies, and never throws', () => {
    const whole = decodePem(certificateOf(pair)) ?? new Uint8Array();
    for (let length = 0; length < whole.length; length++) expect(publicKeyOf(whole.subarray(0, length))).toBeNull();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.uint8Array({ maxLength: 40 }), (at, byte, noise) => {
        const bent = whole.slice();
        bent[at] = byte;
        for (const der of [bent, noise]) {
          const key = publicKeyOf(der);
          expect(key === null || key.length <= der.length).toBe(true);
        }
      }),
    );
  });
});

it('counts CRC-32 as zlib does', () => {
  expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(crc32(bytes)).toBe(referenceCrc32(bytes));
    }),
  );
});

describe('the way out', () => {
  const reach = fetchFrom(['.paypal.com', 'static.adobeioevents.com']);

  it.each([
    'http://api.paypal.com/cert',
    'https://paypal.com.evil.example/cert',
    'https://evilpaypal.com/cert',
    'https://api.paypal.com:8443/cert',
    'https://someone@api.paypal.com/cert',
    'https://api.paypal.com@evil.example/cert',
    'https://static.adobeioevents.com.evil.example/',
    'https://x.static.adobeioevents.com/',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
  ])('does not lead to %s', async (address) => {
    await expect(reach(address)).rejects.toThrow('not an address this source may fetch');
  });
});
