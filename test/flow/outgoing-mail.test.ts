import { Response } from 'miniflare';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asReceived, MAILERS, postOffice } from '../support/mailers.ts';
import { addSource, type Source } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi, startWorker } from '../support/worker.ts';

/** Mails that go out: put down as jobs, sent by whichever way is chosen, on record as the contacts they are. */
const office = postOffice();
const { worker, db } = await startWithSql({ outside: office.answer });
afterAll(() => worker.dispose());

const ORIGIN = 'http://rapport.test';
type Mail = {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly customerId: string | null;
};

const minute = async () => void (await (await worker.getWorker()).scheduled({}));
const mails = async () => (await callApi<{ items: Mail[] }>(worker, '/mails')).items;
const mailOf = async (id: string) => (await mails()).find((mail) => mail.id === id);
const settings = (body: Record<string, unknown>) => callApi(worker, '/mail-settings', { method: 'PATCH', body });
const test = (to: string) => callApi<{ id: string }>(worker, '/mails/test', { method: 'POST', body: { to } });
const askStatus = async (path: string, method: string, body: unknown) =>
  (
    await worker.dispatchFetch(`${ORIGIN}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  ).status;
const dueNow = () => db.prepare("UPDATE job SET run_at = 0 WHERE kind = 'mail.send' AND done_at IS NULL").run();
const jobs = async () =>
  (
    await db
      .prepare("SELECT error, attempts, done_at, dead_at FROM job WHERE kind = 'mail.send' ORDER BY id DESC")
      .all<{ error: string | null; attempts: number; done_at: number | null; dead_at: number | null }>()
  ).results;

beforeEach(() => {
  office.trick = null;
  office.tricked = 0;
});

describe('before a way is chosen', () => {
  it('nothing is put down, and it is said why', async () => {
    expect(await askStatus('/mails/test', 'POST', { to: 'ann@example.com' })).toBe(409);
    expect(await jobs()).toEqual([]);
    expect(await callApi(worker, '/mail-settings')).toMatchObject({ way: 'none', canSend: false });
  });

  it('a way that lacks something, an address that is none and a mailbox that is none are refused', async () => {
    const bare = await addSource(worker, 'postmark');
    expect(await askStatus('/mail-settings', 'PATCH', { way: 'binding', address: 'hello@shop.example' })).toBe(422);
    expect(await askStatus('/mail-settings', 'PATCH', { way: bare.id, address: 'hello@shop.example' })).toBe(422);
    expect(await askStatus('/mail-settings', 'PATCH', { address: 'hello@shop' })).toBe(422);
    expect(await askStatus('/mail-settings', 'PATCH', { answersTo: bare.id })).toBe(422);
  });
});

describe.each(Object.entries(MAILERS))('through %s', (kind, { credentials, refused }) => {
  let source: Source;
  beforeAll(async () => {
    source = await addSource(worker, kind, { name: `${kind} of the shop` });
    await callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { credentials } });
    await settings({ way: source.id, address: 'hello@shop.example', businessName: 'The "Harbour", tea' });
  });

  it('a mail arrives as it was written, with the name quoted and nothing tracked', async () => {
    const { id } = await test('Ann@Example.com');
    await minute();
    expect(office.complaints).toEqual([]);
    const sent = office.posted.at(-1);
    expect(sent).toMatchObject({ to: 'ann@example.com', subject: 'Test mail from The "Harbour", tea', replyTo: null });
    expect(sent?.html).toContain('Test mail from The &quot;Harbour&quot;, tea');
    expect(sent?.headers).toEqual({ 'auto-submitted': 'auto-generated' });
    if (sent && kind !== 'sendgrid')
      expect((await asReceived(sent)).from).toEqual({ address: 'hello@shop.example', name: 'The "Harbour", tea' });
    if (kind === 'resend') expect(sent?.key).toBe(id);
    expect(await mailOf(id)).toMatchObject({ state: 'sent', reason: null });
  });

  it('an address that is refused for good is given up at once, and its reason holds no address', async () => {
    const { status, body } = refused('gone@example.com is inactive and gets no mail.');
    office.trick = () => Response.json(body, { status });
    const { id } = await test('gone@example.com');
    await minute();
    const [job] = await jobs();
    expect(job).toMatchObject({ attempts: 1, dead_at: expect.any(Number) });
    expect(job?.error).toContain('the address is inactive and gets no mail.');
    expect(job?.error).not.toContain('gone@example.com');
    expect(await mailOf(id)).toMatchObject({ state: 'not_sent' });
  });

  it.each([429, 500, 503, 401])('is tried again after %i, and sent once when that is over', async (status) => {
    office.trick = () => new Response('{}', { status });
    const to = `later-${status}-${kind}@example.com`;
    const { id } = await test(to);
    await minute();
    expect((await jobs())[0]).toMatchObject({
      dead_at: null,
      done_at: null,
      error: expect.stringContaining(`(${status})`),
    });
    office.trick = null;
    await dueNow();
    await minute();
    await dueNow();
    await minute();
    expect(office.posted.filter((mail) => mail.to === to)).toHaveLength(1);
    expect(await mailOf(id)).toMatchObject({ state: 'sent' });
  });

  it('is not followed to another address', async () => {
    office.trick = () => new Response(null, { status: 307, headers: { location: 'https://elsewhere.example/' } });
    await test('ann@example.com');
    await minute();
    expect(office.tricked).toBe(1);
    expect((await jobs())[0]?.error).toContain('sent us on to another address');
  });
});

describe('a test', () => {
  it('leaves no address behind', async () => {
    await test('nobody.keeps@example.com');
    await minute();
    const { results } = await db.prepare('SELECT address FROM mail').all<{ address: string | null }>();
    expect(results.filter(({ address }) => address === 'nobody.keeps@example.com')).toEqual([]);
    const kept = await db.prepare("SELECT count(*) AS n FROM job WHERE payload LIKE '%@%'").first<{ n: number }>();
    expect(kept?.n).toBe(0);
  });
});

describe('by Cloudflare', () => {
  it('a mail goes out by the binding, which is Miniflare’s own', async () => {
    const printed: string[] = [];
    const bound = startWorker({ mails: printed });
    try {
      const way = { way: 'binding', address: 'hello@shop.example', businessName: 'The Harbour' };
      await callApi(bound, '/mail-settings', { method: 'PATCH', body: way });
      await callApi(bound, '/mails/test', { method: 'POST', body: { to: 'ann@example.com' } });
      await (await bound.getWorker()).scheduled({});
      for (let wait = 0; wait < 50 && printed.length === 0; wait++) await new Promise((done) => setTimeout(done, 100));
      expect(printed.join('\n')).toContain('ann@example.com');
      expect(printed.join('\n')).toContain('Test mail from The Harbour');
      const { items } = await callApi<{ items: Mail[] }>(bound, '/mails');
      expect(items).toMatchObject([{ state: 'sent' }]);
    } finally {
      await bound.dispose();
    }
  });
});
