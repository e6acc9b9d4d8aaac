import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Key pairs and certificates of senders that sign with a private key, made when the tests start. */
export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

export const rsaPair = (): KeyPair => generateKeyPairSync('rsa', { modulusLength: 2048 });

export const spkiPem = ({ publicKey }: KeyPair): string => publicKey.export({ type: 'spki', format: 'pem' }).toString();

export const signRsa = ({ privateKey }: KeyPair, message: string | Buffer): string =>
  createSign('RSA-SHA256').update(message).sign(privateKey, 'base64');

/** An element of DER: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

// sha256WithRSAEncryption, 1.2.840.113549.1.1.11, and commonName, 2.5.4.3.
const ALGORITHM = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
const named = (name: string): Buffer =>
  sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(name)))));

/** A certificate that signs itself, in PEM. Version 1 has no version field. */
export function certificateOf(pair: KeyPair, options: { readonly version?: 1 | 3 } = {}): string {
  const version = options.version === 1 ? [] : [der(0xa0, der(0x02, Buffer.from([2])))];
  const tbs = sequence(
    ...version,
    der(0x02, Buffer.from('0123456789', 'hex')),
    ALGORITHM,
    named('a sender that is made up'),
    sequence(utcTime('250101000000Z'), utcTime('450101000000Z')),
    named('a sender that is made up'),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = createSign('RSA-SHA256').update(tbs).sign(pair.privateKey);
  const whole = sequence(tbs, ALGORITHM, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
