import { Response } from 'miniflare';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { letSend, MAILERS, postOffice } from '../support/mailers.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql, type Value } from '../support/sql.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** A visitor of a site proves an address by a code that was mailed to it; without the code, whoever types an address learns and joins nothing. */
const office = postOffice();
const { worker, db } = await startWithSql({ outside: office.answer });
afterAll(() => worker.dispose());

const SECRET = 'a-shopify-signing-secret';
const MAIL_SECRET = SENDERS.resend?.secretOf?.('confirm') ?? '';
let shop: Source;
let resend: Source;
let site: Source;
let n = 0;

const run = (sql: string, ...values: Value[]) =>
  db
    .prepare(sql)
    .bind(...values)
    .run();
const count = async (sql: string): Promise<number> =>
  (await db.prepare(`SELECT count(*) AS n FROM ${sql}`).first<{ n: number }>())?.n ?? 0;
const minute = async () => void (await (await worker.getWorker()).scheduled({}));
const HOUR = 3_600_000;
/** As if all codes had been asked for so long ago. */
const later = (ms: number) =>
  run('UPDATE confirmation SET created_at = created_at - ?1, expires_at = expires_at - ?1', ms);

type Facts = { visitor: string; email: string; code?: string; locale?: string };
const post = async (facts: object, { to = site, origin = '' } = {}) => {
  const answer = await worker.dispatchFetch(`http://rapport.test/w/${to.key}/confirm`, {
    method: 'POST',
    body: JSON.stringify(facts),
    headers: { 'content-type': 'text/plain', ...(origin && { origin }) },
  });
  const text = await answer.text();
  const body = JSON.parse(text) as { code?: string; confirmed?: boolean; token?: string };
  const headers = [...answer.headers].filter(([name]) => name !== 'date').sort();
  return { status: answer.status, text, body, headers };
};
const codesTo = (address: string): string[] =>
  office.posted.filter(({ to }) => to === address).map(({ text }) => /^\d{6}$/m.exec(text)?.[0] ?? '');
const somebody = (): string => `visitor${++n}@example.com`;
const visitorId = (): string => crypto.randomUUID();

/** Asks for a code and gives the one that came. */
async function codeFor(facts: Facts, to = site): Promise<string> {
  expect((await post(facts, { to })).status).toBe(202);
  await minute();
  return codesTo(facts.email).at(-1) ?? '';
}
const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const WRONG = { status: 422, body: { code: 'wrong_code' } };

/** A customer of the shop, which says whose address it is. */
async function customer(email: string): Promise<string> {
  const number = ++n;
  const order = {
    id: 7000 + number,
    customer: 100 + number,
    email,
    name: 'Ann Alder',
    createdAt: '2026-01-05T10:00:00Z',
  };
  await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `confirm-${number}`, orderBody(order)));
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}
const answerSurvey = (visitor: string, identity: Record<string, string>) =>
  deliver(worker, site, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      visitor,
      locale: 'en',
      page: { url: 'https://shop.example/', title: '', referrer: '' },
      identity,
      events: [
        { id: crypto.randomUUID(), at: Date.now(), type: 'survey_answered', answers: [{ question: 'nps', value: 9 }] },
      ],
    }),
  });
type Customer = { stats: { touchpoints: number }; identifiers: { kind: string; value: string; assurance: string }[] };
const read = (id: string) => callApi<Customer>(worker, `/customers/${id}`);
const holders = (email: string) => holdersOf(worker, `email:${email}`);

beforeAll(async () => {
  shop = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  resend = { ...(await addSource(worker, 'resend', { secret: MAIL_SECRET })), secret: MAIL_SECRET };
  site = await addSource(worker, 'site');
});

describe('while no mail can be sent', () => {
  it('asking says so alike for every address, and puts nothing down', async () => {
    const known = somebody();
    await customer(known);
    const answers = [
      await post({ visitor: visitorId(), email: known }),
      await post({ visitor: visitorId(), email: somebody() }),
    ];
    expect(answers[0]).toMatchObject({ status: 409, body: { code: 'cannot_send' } });
    expect(answers[1]).toEqual(answers[0]);
    expect([await count('confirmation'), await count('mail')]).toEqual([0, 0]);
  });
});

describe('with a way to send', () => {
  beforeAll(() => letSend(worker, resend.id));
  beforeEach(() => {
    office.trick = null;
  });

  describe('the right code', () => {
    it('joins the visitor with the record of whom the shop knows by the address, as proven', async () => {
      const email = somebody();
      const id = await customer(email);
      const visitor = visitorId();
      const code = await codeFor({ visitor, email });
      expect(code).toMatch(/^\d{6}$/);
      expect((await read(id)).stats.touchpoints).toBe(1);
      expect(await post({ visitor, email, code: ` ${code.slice(0, 3)} ${code.slice(3)}` })).toMatchObject({
        status: 200,
        body: { confirmed: true },
      });
      const record = await read(id);
      expect(record.stats.touchpoints).toBe(2);
      expect(record.identifiers).toContainEqual(
        expect.objectContaining({ kind: 'email', value: email, assurance: 'verified' }),
      );
      expect(record.identifiers).toContainEqual(expect.objectContaining({ kind: 'anonymous_id', value: visitor }));
      expect(await holders(email)).toHaveLength(1);
    });

    it('brings a token by which what the browser sends from then on is theirs, and no other browser’s', async () => {
      const email = somebody();
      const id = await customer(email);
      const visitor = visitorId();
      const { body } = await post({ visitor, email, code: await codeFor({ visitor, email }) });
      await answerSurvey(visitor, { email, token: body.token ?? '' });
      expect((await read(id)).stats.touchpoints).toBe(3);
      await answerSurvey(visitorId(), { email, token: body.token ?? '' });
      expect((await read(id)).stats.touchpoints).toBe(3);
    });

    it('of a second person at the same browser makes no one person of the two', async () => {
      const [ann, ben] = [somebody(), somebody()];
      const [one, two] = [await customer(ann), await customer(ben)];
      const visitor = visitorId();
      for (const email of [ann, ben]) await post({ visitor, email, code: await codeFor({ visitor, email }) });
      expect([(await read(one)).stats.touchpoints, (await read(two)).stats.touchpoints]).toEqual([2, 2]);
      expect((await holders(ann))[0]?.id).not.toBe((await holders(ben))[0]?.id);
    });

    it('is good once', async () => {
      const [email, visitor] = [somebody(), visitorId()];
      const code = await codeFor({ visitor, email });
      expect((await post({ visitor, email, code })).status).toBe(200);
      expect(await post({ visitor, email, code })).toMatchObject(WRONG);
    });

    it('brought four times at once is one contact', async () => {
      const [email, visitor] = [somebody(), visitorId()];
      const code = await codeFor({ visitor, email });
      await Promise.all(Array.from({ length: 4 }, () => post({ visitor, email, code })));
      expect((await holders(email)).map(({ stats }) => stats.touchpoints)).toEqual([1]);
    });
  });

  describe('a code proves nothing', () => {
    it.each<[string, (facts: Required<Facts>, other: Source) => Promise<{ status: number }>]>([
      ['that is another', (facts) => post({ ...facts, code: otherThan(facts.code) })],
      ['that is none', (facts) => post({ ...facts, code: 'abc' })],
      ['from another browser', (facts) => post({ ...facts, visitor: visitorId() })],
      ['on another site', (facts, other) => post(facts, { to: other })],
      ['for another address', (facts) => post({ ...facts, email: somebody() })],
      [
        'after half an hour',
        async (facts) => {
          await later(HOUR / 2 + 1000);
          return post(facts);
        },
      ],
    ])('%s', async (_, attempt) => {
      const [email, visitor] = [somebody(), visitorId()];
      const id = await customer(email);
      const other = await addSource(worker, 'site');
      const code = await codeFor({ visitor, email });
      const answer = await attempt({ visitor, email, code, locale: 'en' }, other);
      expect(answer).toMatchObject(WRONG);
      expect((await read(id)).stats.touchpoints).toBe(1);
      expect(await holders(email)).toHaveLength(1);
    });

    it('after five wrong ones, and all of them are refused in the same words', async () => {
      const [email, visitor] = [somebody(), visitorId()];
      const code = await codeFor({ visitor, email });
      const answers = [];
      for (let i = 0; i < 5; i++) answers.push(await post({ visitor, email, code: otherThan(code) }));
      answers.push(await post({ visitor, email, code }));
      answers.push(await post({ visitor: visitorId(), email: somebody(), code }));
      expect(answers[0]).toMatchObject(WRONG);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    });

    it('once a newer one has come', async () => {
      const [email, visitor] = [somebody(), visitorId()];
      const first = await codeFor({ visitor, email });
      await later(11 * 60_000);
      const second = await codeFor({ visitor, email });
      expect(await post({ visitor, email, code: first === second ? otherThan(first) : first })).toMatchObject(WRONG);
      expect((await post({ visitor, email, code: second })).status).toBe(200);
    });
  });

  it('an address that is only claimed joins nothing', async () => {
    const [email, visitor] = [somebody(), visitorId()];
    const id = await customer(email);
    await codeFor({ visitor, email });
    await answerSurvey(visitor, { email });
    expect((await read(id)).stats.touchpoints).toBe(1);
  });

  describe('asking', () => {
    it('is answered byte for byte alike and puts down the same rows for a known address, an unknown one, and one that asks again', async () => {
      const [known, stranger] = [somebody(), somebody()];
      await customer(known);
      const rows = () => Promise.all(['mail', 'confirmation', 'job'].map(count));
      const ask = async (email: string) => {
        const before = await rows();
        const { status, text, headers } = await post({ visitor: visitorId(), email });
        return { status, text, headers, rows: (await rows()).map((now, index) => now - (before[index] ?? 0)) };
      };
      const [first, second] = [await ask(known), await ask(stranger)];
      expect(first).toMatchObject({ status: 202, rows: [1, 1, 1] });
      expect(second).toEqual(first);
      const again = [await ask(known), await ask(stranger)];
      expect(again).toEqual([
        { ...first, rows: [0, 0, 1] },
        { ...first, rows: [0, 0, 1] },
      ]);
    });

    it('has three mails a day sent to one address, ten minutes apart, whoever asks', async () => {
      const email = somebody();
      for (const wait of [0, 60_000, 11 * 60_000, 11 * 60_000, 11 * 60_000]) {
        await later(wait);
        await post({ visitor: visitorId(), email });
        await minute();
      }
      expect(codesTo(email)).toHaveLength(3);
    });

    it('has six mails a day sent for one browser', async () => {
      const visitor = visitorId();
      const addresses = Array.from({ length: 8 }, somebody);
      for (const email of addresses) await post({ visitor, email });
      await minute();
      expect(addresses.filter((email) => codesTo(email).length > 0)).toHaveLength(6);
    });

    it('leaves neither the address nor the code once the mail is gone', async () => {
      const [email, visitor] = [somebody(), visitorId()];
      const code = await codeFor({ visitor, email });
      expect(await count('mail WHERE address IS NOT NULL AND fragment_id IS NULL')).toBe(0);
      const row = await db.prepare('SELECT * FROM confirmation ORDER BY id DESC').first<object>();
      for (const secret of [email, visitor, code]) expect(Object.values(row ?? {})).not.toContain(secret);
      expect(await holders(email)).toHaveLength(0);
    });

    it('forgets the address of a mail that the sender refuses for good', async () => {
      const refused = MAILERS.resend?.refused('no such mailbox');
      office.trick = () => new Response(JSON.stringify(refused?.body), { status: refused?.status ?? 422 });
      const email = somebody();
      await post({ visitor: visitorId(), email });
      await minute();
      expect(office.tricked).toBeGreaterThan(0);
      expect(await count('mail WHERE address IS NOT NULL AND fragment_id IS NULL')).toBe(0);
    });

    it('speaks the language of the page', async () => {
      const email = somebody();
      await codeFor({ visitor: visitorId(), email, locale: 'pl-PL' });
      expect(office.posted.at(-1)?.subject).toContain('Twój kod');
    });
  });

  it('lets go of codes after a day', async () => {
    await codeFor({ visitor: visitorId(), email: somebody() });
    await later(25 * HOUR);
    await minute();
    expect(await count('confirmation')).toBe(0);
  });

  it('asked for before its person was erased, brings back nothing of what was erased', async () => {
    const [email, visitor] = [somebody(), visitorId()];
    const id = await customer(email);
    const code = await codeFor({ visitor, email });
    const erased = await worker.dispatchFetch(`http://rapport.test/api/v1/customers/${id}`, {
      method: 'DELETE',
      headers: asAdmin,
    });
    expect(erased.status).toBeLessThan(300);
    expect(await holders(email)).toHaveLength(0);
    expect((await post({ visitor, email, code })).status).toBe(200);
    expect((await holders(email)).map(({ stats }) => stats.touchpoints)).toEqual([1]);
  });

  it('leaves no trace of the proof when its person is erased', async () => {
    const [email, visitor] = [somebody(), visitorId()];
    await post({ visitor, email, code: await codeFor({ visitor, email }) });
    const [held] = await holders(email);
    await worker.dispatchFetch(`http://rapport.test/api/v1/customers/${held?.id}`, {
      method: 'DELETE',
      headers: asAdmin,
    });
    expect(await holders(email)).toHaveLength(0);
    expect(await count(`identifier WHERE value IN ('${email}', '${visitor}')`)).toBe(0);
    expect(await count(`proof WHERE holder = '${visitor}'`)).toBe(0);
  });

  it.each<[string, () => Promise<{ status: number }>, number]>([
    ['an unknown key', () => post({}, { to: { ...site, key: 'nobodys' } }), 404],
    ['the key of another kind of source', () => post({}, { to: shop }), 404],
    ['no address', () => post({ visitor: visitorId(), email: 'ann' }), 422],
    ['no browser', () => post({ visitor: '1', email: somebody() }), 422],
    ['a body too large', () => post({ visitor: visitorId(), email: 'x'.repeat(33_000) }), 413],
  ])('refuses %s', async (_, attempt, status) => {
    expect((await attempt()).status).toBe(status);
  });

  it('refuses pages of other origins than those allowed', async () => {
    const own = await addSource(worker, 'site', { settings: { origins: ['https://shop.example'] } });
    const facts = { visitor: visitorId(), email: somebody() };
    expect((await post(facts, { to: own, origin: 'https://elsewhere.example' })).status).toBe(401);
    expect((await post(facts, { to: own, origin: 'https://shop.example' })).status).toBe(202);
  });
});
