import { afterAll, expect, it } from 'vitest';
import { fc, patience, runs } from '../support/chance.ts';
import { type Crowd, gather, type Shot } from '../support/crowd.ts';
import { countRows, drift, queryOf } from '../support/numbers.ts';
import { addSource } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { asAdmin } from '../support/worker.ts';

/** Anything may be sent to a public door. None of it is a fault of ours, and what is refused leaves nothing behind. */
const RUNS = runs(20_000);
const { worker, db } = await startWithSql();
const crowd: Crowd = gather(await worker.ready);
afterAll(async () => {
  crowd.close();
  await worker.dispose();
});

const secretOf = (kind: string): string => SIGNERS[kind]?.secretOf('fuzz') ?? '';
const pathOf = async (kind: string, secret = ''): Promise<string> =>
  new URL((await addSource(worker, kind, { secret })).url).pathname;
const signed = await Promise.all(
  ['shopify', 'woocommerce', 'stripe', 'standard_webhooks'].map(async (kind) => ({
    kind,
    secret: secretOf(kind),
    path: await pathOf(kind, secretOf(kind)),
  })),
);
const formPath = await pathOf('html_form');
const sitePath = await pathOf('site');
const TOPICS = [
  'orders/create',
  'refunds/create',
  'customers/update',
  'checkouts/create',
  'order.updated',
  'customer.created',
  '\u00e9',
];

/** Values that have hurt somebody: what is not text, numbers past every type, names of Object's own. */
const NASTY: readonly unknown[] = [
  '\u0000',
  '\ud800',
  '\udfff x',
  '__proto__',
  'constructor',
  '',
  ' ',
  '\u202e',
  'a'.repeat(20_000),
  2 ** 53 + 1,
  -0,
  1e308,
  '9007199254740993',
  'NaN',
  'Infinity',
  '1e400',
  '2026-13-45T99:99:99Z',
  '99999-01-01',
  [],
  {},
  [[[[]]]],
  null,
  true,
];
const FIELDS = [
  'id',
  'email',
  'customer',
  'total_price',
  'currency',
  'created_at',
  'line_items',
  'order_id',
  'data',
  'type',
  'object',
  'events',
  'visitor',
  'page',
  'locale',
  'answers',
  'billing',
  'transactions',
  'refunds',
  'phone',
  '__proto__',
  'timestamp',
];
const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(...NASTY),
  fc.double(),
  fc.string({ unit: 'binary' }),
);
const object = fc.dictionary(
  fc.oneof(fc.constantFrom(...FIELDS), fc.string()),
  fc.oneof(leaf, fc.dictionary(fc.constantFrom(...FIELDS), leaf)),
);
const broken = fc.constantFrom(
  '',
  '{',
  '{"a":1e400}',
  '{"a":-1e999}',
  '[',
  'null',
  '"',
  '{"a":"\\ud800"}',
  '{"a":"\\u0000"}',
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  '{"id":1}{"id":2}',
  '\ufeff{}',
  '{"a":01}',
);
const body = fc.oneof(
  { weight: 6, arbitrary: object.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: leaf.map((value) => JSON.stringify(value) ?? '') },
  { weight: 2, arbitrary: broken },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
);
const CONTENT_TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'x',
  '',
];

type Draw = {
  readonly door: number;
  readonly body: string;
  readonly topic: string;
  readonly type: string;
  readonly id: number;
};
const draw: fc.Arbitrary<Draw> = fc.record({
  door: fc.nat(9),
  body,
  topic: fc.constantFrom(...TOPICS),
  type: fc.constantFrom(...CONTENT_TYPES),
  id: fc.nat(),
});

/** The request of a draw. Webhooks are signed with the right secret, so that what is tried is the reading. */
function shotOf({ door, body, topic, type, id }: Draw): Shot {
  const headers = { 'content-type': type };
  const victim = signed[door % (signed.length + 3)];
  if (victim) {
    const proof = SIGNERS[victim.kind]?.sign(body, { secret: victim.secret, now: Date.now(), id: `fuzz-${id}` });
    const names = {
      'x-shopify-topic': encodeURI(topic),
      'x-wc-webhook-topic': encodeURI(topic),
      'x-wc-webhook-delivery-id': String(id),
    };
    return {
      path: victim.path,
      body,
      headers: { ...headers, 'content-type': 'application/json', ...names, ...proof?.headers },
    };
  }
  const paths: readonly Shot[] = [
    { path: formPath, headers },
    { path: sitePath, headers },
    { path: `/s/${sitePath.split('/')[2]}`, headers },
    { path: `/in/${encodeURIComponent(topic)}`, headers },
    { path: '/api/v1/sources', headers: { ...headers, ...asAdmin } },
    { path: `/v1/${encodeURIComponent(topic)}`, headers },
  ];
  return { ...paths[id % paths.length], path: paths[id % paths.length]?.path ?? '/', body };
}

it(
  `${RUNS} bodies over the public doors: no fault of ours, no row for what is refused`,
  async () => {
    const shots = fc.sample(draw, { numRuns: RUNS }).map(shotOf);
    const hits = await crowd.fire(shots);
    const faults = hits.flatMap(({ status, body }, index) =>
      status >= 500 ? [{ status, body, shot: shots[index] }] : [],
    );
    expect(faults.slice(0, 3)).toEqual([]);

    // What got in got in whole: the numbers kept are the numbers counted.
    expect(await drift(queryOf(db))).toEqual([]);
    const refused = shots.filter((_, index) => (hits[index]?.status ?? 0) >= 400);
    expect(refused.length).toBeGreaterThan(RUNS / 3);

    // The refused ones once more, and not a row of the record moves.
    const before = await countRows(db);
    const again = await crowd.fire(refused.filter(({ path }) => !path.startsWith('/api')).slice(0, 4000));
    expect(again.filter(({ status }) => status < 400)).toEqual([]);
    expect(await countRows(db)).toEqual(before);
  },
  patience(300_000),
);
