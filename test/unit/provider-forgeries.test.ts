import { afterAll, describe, expect, it } from 'vitest';
import { providers } from '../../worker/sources/providers.gen.ts';
import { fc, runs } from '../support/chance.ts';
import { deliveryOf } from '../support/fixtures.ts';
import { SENDERS, verifyWith } from '../support/senders.ts';
import type { Signed } from '../support/sign.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const RUNS = runs(600);
const URL_OF_SOURCE = 'https://rapport.example/in/key';

type Attempt = Signed & { readonly secrets: readonly string[]; readonly twice?: string };
type Genuine = Attempt & { readonly kind: string; readonly secret: string; readonly signatureHeader: string };
/** Makes a forgery of a genuine delivery, steered by two random numbers; null where the trick does not apply. */
type Trick = (genuine: Genuine, place: number, choice: number) => Attempt | null;

const flip = (text: string, place: number, choice: number): string => {
  const at = place % text.length;
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (choice % 7))) + text.slice(at + 1);
};
const withHeader = (attempt: Attempt, name: string, value: string): Attempt => ({
  ...attempt,
  headers: { ...attempt.headers, [name]: value },
});
const bodyOf = (kind: string, text: string): string => SENDERS[kind]?.bodyOf?.(text) ?? JSON.stringify({ id: 1, text });
const signature = ({ kind, headers, body, signatureHeader }: Genuine): string =>
  SENDERS[kind]?.inBody?.read(body) ?? headers[signatureHeader] ?? '';
/** Puts a signature where the sender has it. */
function withSignature(genuine: Genuine, value: string): Attempt {
  const inBody = SENDERS[genuine.kind]?.inBody;
  return inBody
    ? { ...genuine, body: inBody.write(genuine.body, value) }
    : withHeader(genuine, genuine.signatureHeader, value);
}
function resigned(genuine: Genuine, body: string, now: number, secret = genuine.secret): Attempt {
  const sender = SENDERS[genuine.kind];
  const signed = sender?.sign?.(body, { secret, now, url: URL_OF_SOURCE });
  if (signed && sender?.inBody) return withSignature(genuine, sender.inBody.read(signed.body));
  return { ...genuine, ...signed, body: genuine.body };
}
/** Replaces the encoded digest in the signature header, wherever it stands. */
const recode = (genuine: Genuine, change: (digest: string) => string): Attempt => {
  const digest = /[A-Za-z0-9+/]{27,}={0,2}$/.exec(signature(genuine))?.[0] ?? '';
  return withSignature(genuine, signature(genuine).replace(digest, change(digest)));
};
const otherEncoding = (digest: string): string =>
  /^[0-9a-f]+$/.test(digest)
    ? Buffer.from(digest, 'hex').toString('base64')
    : Buffer.from(digest, 'base64').toString('hex');
const isTimed = (kind: string): boolean => SENDERS[kind]?.isTimed === true;
const demandsSecret = ({ kind }: Genuine): boolean =>
  providers.some((provider) => provider.kind === kind && provider.secret.startsWith('from_'));
const coversBody = ({ kind }: Genuine): boolean => SENDERS[kind]?.covers !== 'fields';

const TRICKS: Readonly<Record<string, Trick>> = {
  'a bit of the body': (genuine, place, choice) =>
    coversBody(genuine) ? { ...genuine, body: flip(genuine.body, place, choice) } : null,
  'a bit of the signature': (genuine, place, choice) => withSignature(genuine, flip(signature(genuine), place, choice)),
  'a body cut short': (genuine, place) => ({ ...genuine, body: genuine.body.slice(0, place % genuine.body.length) }),
  'a signature cut short': (genuine, place) =>
    withSignature(genuine, signature(genuine).slice(0, place % signature(genuine).length)),
  'another encoding': (genuine) => (SENDERS[genuine.kind]?.isSpelledEitherWay ? null : recode(genuine, otherEncoding)),
  'another case': (genuine) =>
    recode(genuine, (digest) => (/[a-z]/.test(digest) ? digest.toUpperCase() : digest.toLowerCase())),
  'no padding, or more of it': (genuine, _place, choice) =>
    recode(genuine, (digest) => (choice % 2 === 0 && digest.endsWith('=') ? digest.slice(0, -1) : `${digest}=`)),
  'another secret': (genuine, place) =>
    resigned(genuine, genuine.body, NOW, SENDERS[genuine.kind]?.secretOf?.(`forger ${place}`)),
  // Fields of a form may be written in more than one way and are the same fields.
  'a body written anew': (genuine) =>
    coversBody(genuine) && genuine.body.startsWith('{')
      ? { ...genuine, body: JSON.stringify(JSON.parse(genuine.body), null, 1) }
      : null,
  'the signature of another body': (genuine, place) => resigned(genuine, bodyOf(genuine.kind, `another ${place}`), NOW),
  'a time too old': ({ kind, ...genuine }, place) =>
    isTimed(kind) ? resigned({ kind, ...genuine }, genuine.body, NOW - 301_000 - place * 1000) : null,
  'a time too far ahead': ({ kind, ...genuine }, place) =>
    isTimed(kind) ? resigned({ kind, ...genuine }, genuine.body, NOW + 301_000 + place * 1000) : null,
  'the signature twice': (genuine, _place, choice) => {
    if (genuine.signatureHeader === '') return null;
    const other = recode(genuine, () => 'AAAA').headers[genuine.signatureHeader] ?? '';
    return { ...genuine, twice: choice % 2 === 0 ? signature(genuine) : other };
  },
  'no secret to check with': (genuine, _place, choice) =>
    demandsSecret(genuine) ? { ...genuine, secrets: [[], [''], ['  ', '']][choice % 3] ?? [] } : null,
  'no signature': (genuine, _place, choice) => withSignature(genuine, choice % 2 === 0 ? '' : ' '),
  'another id': (genuine, place) => {
    const header = SENDERS[genuine.kind]?.signedId;
    return header === undefined ? null : withHeader(genuine, header, `msg_${place + 2}`);
  },
};

const seconds = fc.nat(100_000);
let forgeries = 0;

const signing = Object.entries(SENDERS).flatMap(([kind, { sign, secretOf }]) => {
  const provider = providers.find((candidate) => candidate.kind === kind);
  return provider && sign && secretOf ? [{ kind, provider, sign, secretOf }] : [];
});

it('has a sender for every provider that demands a signature', () => {
  const demanding = providers
    .filter(({ kind, secret }) => !SENDERS[kind]?.isKeyed && secret.startsWith('from_'))
    .map(({ kind }) => kind);
  expect(signing.map(({ kind }) => kind)).toEqual(expect.arrayContaining(demanding));
});

describe.each(signing)('$kind', ({ kind, provider, sign, secretOf }) => {
  const verdictOn = async ({ headers, body, secrets, twice }: Attempt) => {
    const delivery = deliveryOf({}, body);
    for (const [name, value] of Object.entries(headers)) delivery.headers.append(name, value);
    if (twice !== undefined) delivery.headers.append(Object.keys(headers).at(-1) ?? '', twice);
    return verifyWith(provider, delivery, { secrets, now: NOW });
  };
  const genuineFrom = (text: string, seed: string): Genuine => {
    const secret = secretOf(seed);
    const signed = sign(bodyOf(kind, text), { secret, now: NOW, url: URL_OF_SOURCE });
    return { ...signed, kind, secret, secrets: [secret], signatureHeader: Object.keys(signed.headers).at(-1) ?? '' };
  };

  it('refuses every forgery, and accepts the genuine delivery it was made from', async () => {
    const input = fc.tuple(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.constantFrom(...Object.keys(TRICKS)),
      seconds,
      fc.nat(6),
    );
    await fc.assert(
      fc.asyncProperty(input, async ([text, seed, trick, place, choice]) => {
        const genuine = genuineFrom(text, seed);
        const other = secretOf(`${seed} rotated`);
        const forgery = TRICKS[trick]?.(genuine, place, choice) ?? null;
        // A header that no client could send is no forgery; neither is a trick that changes nothing.
        fc.pre(forgery !== null && isSendable(forgery) && JSON.stringify(forgery) !== JSON.stringify(genuine));
        expect(await verdictOn(forgery), trick).toMatchObject({ ok: false });
        forgeries += 1;
        const accepted = [[genuine.secret], [other, genuine.secret], [genuine.secret, other]][place % 3] ?? [];
        expect(await verdictOn({ ...genuine, secrets: accepted })).toEqual({ ok: true });
      }),
      { numRuns: RUNS },
    );
  });
});

/** HTTP trims header values and knows no control characters in them. */
function isSendable({ headers, body }: Signed): boolean {
  const values = Object.values(headers);
  return (
    body.isWellFormed() &&
    values.every((value) => /^[\x20-\x7e]*$/.test(value) && (value.trim() === value || value.trim() === ''))
  );
}

afterAll(() => {
  expect(forgeries).toBeGreaterThanOrEqual(5000);
});
