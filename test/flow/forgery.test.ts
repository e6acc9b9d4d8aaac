import { afterAll, expect, it } from 'vitest';
import { providers } from '../../worker/sources/providers.gen.ts';
import { fc, patience, runs } from '../support/chance.ts';
import { type Crowd, gather, type Shot } from '../support/crowd.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';

/** At the door, over all providers that sign: whatever is not genuine gets 401 and leaves nothing but a line in the log. */
const FORGERIES = runs(5000);
const { worker, db } = await startWithSql();
const base = await worker.ready;
const crowd: Crowd = gather(base);
afterAll(async () => {
  crowd.close();
  await worker.dispose();
}, patience(300_000));

const count = async (sql: string): Promise<number> => (await db.prepare(sql).first<{ n: number }>())?.n ?? 0;
/** Providers whose signature stands in a header and covers the body; the others have tricks and tests of their own. */
const signed = providers.filter(
  ({ kind, secret }) =>
    secret.startsWith('from_') && SENDERS[kind]?.sign && !SENDERS[kind]?.inBody && SENDERS[kind]?.covers !== 'fields',
);

type Genuine = { readonly shot: Shot; readonly headers: Record<string, string>; readonly body: string };

/** A genuine delivery of a provider; none where only the sender could sign one. */
async function genuineOf(kind: string): Promise<Genuine[]> {
  const provider = signed.find((candidate) => candidate.kind === kind);
  const secret = SENDERS[kind]?.secretOf?.('genuine') ?? 'a secret of enough letters';
  const path = new URL((await addSource(worker, kind, { secret })).url).pathname;
  const sample = await provider?.sample({ secret, now: Date.now(), seed: kind, url: new URL(path, base).href });
  if (!sample) throw new Error(`no sample of ${kind}`);
  const { headers, body, isUnsigned } = sample;
  return isUnsigned ? [] : [{ shot: { path, headers, body }, headers, body }];
}

/** Turns one bit of a text, so that it stays a text that a header can carry. */
const flip = (text: string, place: number, bit: number): string => {
  const at = place % text.length;
  return `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit % 4)))}${text.slice(at + 1)}`;
};

const isSignature = (name: string): boolean => /signature|hmac/i.test(name);

/** One forgery of a genuine delivery, steered by random numbers. */
function forge({ shot, headers, body }: Genuine, trick: number, place: number): Shot {
  const name = Object.keys(headers).find(isSignature);
  if (!name) throw new Error(`no signature among ${Object.keys(headers)}`);
  const value = headers[name] ?? '';
  const others = Object.fromEntries(Object.entries(headers).filter(([header]) => !isSignature(header)));
  const tricks: readonly (() => Shot)[] = [
    () => ({ ...shot, body: flip(body, place, place) }),
    () => ({ ...shot, body: body.slice(0, place % body.length) }),
    () => ({ ...shot, body: `${body} ` }),
    () => ({
      ...shot,
      body: body.startsWith('{') ? JSON.stringify(JSON.parse(body), null, 1 + (place % 7)) : `${body}&more=1`,
    }),
    () => ({ ...shot, headers: others }),
    () => ({ ...shot, headers: { ...headers, [name]: '' } }),
    () => ({ ...shot, headers: { ...headers, [name]: value.slice(0, place % value.length) } }),
    () => ({ ...shot, headers: { ...headers, [name]: `${value}, ${value}` } }),
    () => ({ ...shot, headers: { ...headers, [name]: Buffer.from(value).toString('base64') } }),
    () => ({ ...shot, headers: { ...headers, [name]: `v1,${Buffer.alloc(32, place).toString('base64')}` } }),
  ];
  return tricks[trick % tricks.length]?.() ?? shot;
}

it(
  `refuses ${FORGERIES} forgeries over all providers that sign, and takes the genuine ones`,
  async () => {
    const genuine = (await Promise.all(signed.map(({ kind }) => genuineOf(kind)))).flat();
    const numbers = fc.sample(fc.tuple(fc.nat(1000), fc.nat(100_000)), { numRuns: FORGERIES });
    const shots = numbers.flatMap(([trick, place], index) => {
      const victim = genuine[index % genuine.length];
      return victim ? [forge(victim, trick, place)] : [];
    });
    expect(shots).toHaveLength(FORGERIES);

    const hits = await crowd.fire(shots);
    const got = hits.flatMap(({ status }, index) => (status === 401 ? [] : [{ status, shot: shots[index] }]));
    expect(got).toEqual([]);
    expect(new Set(hits.map(({ body }) => body)).size).toBe(1);
    expect(await count('SELECT count(*) AS n FROM touchpoint')).toBe(0);
    expect(await count('SELECT count(*) AS n FROM customer')).toBe(0);
    expect(await count("SELECT count(*) AS n FROM delivery WHERE outcome = 'refused' AND body IS NULL")).toBe(
      FORGERIES,
    );

    const taken = await crowd.fire(genuine.map(({ shot }) => shot));
    expect(taken.map(({ status }) => status)).toEqual(genuine.map(() => 200));
    expect(await count('SELECT count(DISTINCT source_id) AS n FROM touchpoint')).toBe(genuine.length);
  },
  patience(300_000),
);
