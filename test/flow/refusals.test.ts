import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append } from '../../worker/record/append.ts';
import { mayContact } from '../../worker/record/consent/may-contact.ts';
import { dump } from '../support/dump.ts';
import { askOf, importFile, planOf } from '../support/imports.ts';
import { letSend, postOffice } from '../support/mailers.ts';
import { linksIn, visitor } from '../support/person.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** Who said no and was erased is not written to when they come back: that much is kept of them, and it names nobody. */
const office = postOffice();
const { worker, db } = await startWithSql({ outside: office.answer });
afterAll(() => worker.dispose());

const SECRET = 'a-shopify-signing-secret';
const MAIL_SECRET = SENDERS.resend?.secretOf?.('refusals') ?? '';
let shop: Source;
let resend: Source;
let form: Source;
let cookie = '';

const minute = async () => void (await (await worker.getWorker()).scheduled({}));
const mailsTo = (address: string) => office.posted.filter(({ to }) => to === address);
const isSomewhere = async (text: string) => (await dump(db)).some((line) => line.toLowerCase().includes(text));

let events = 0;
/** Tells something of a customer of the shop; without a time it happens now. */
const say = async (topic: string, body: object | string) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { status } = await deliver(worker, shop, shopifyDelivery(SECRET, topic, `refusals-${events++}`, text));
  expect(status).toBe(200);
};
const buy = (customer: number, email: string, createdAt = new Date(Date.now() + 60_000).toISOString()) =>
  say('orders/create', orderBody({ id: 80_000 + events, customer, email, createdAt }));
const EARLIER = '2026-01-05T10:00:00Z';
const idOf = async (email: string) => (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
type Answer = { ok: boolean; rule: string | null; why: string | null };
const may = async (email: string, purpose: string, channel = 'email') =>
  callApi<Answer>(worker, `/customers/${await idOf(email)}/may-contact?purpose=${purpose}&channel=${channel}`);
const mayAll = async (email: string) =>
  Promise.all(['marketing', 'research', 'service'].map(async (purpose) => (await may(email, purpose)).ok));

async function inside(email: string) {
  const person = visitor(worker);
  await db.prepare('DELETE FROM mail_request').run();
  await person.ask('/p', { form: { email } });
  await minute();
  const path = linksIn(mailsTo(email).at(-1)?.text ?? '')[0] ?? '/none';
  expect((await person.ask(path, { form: { act: 'open' } })).location).toBe('/p/me');
  return person;
}
const eraseBy = async (person: ReturnType<typeof visitor>) => {
  const { location } = await person.ask('/p/me/erase', { form: { confirm: 'erase' } });
  expect(location).toMatch(/^\/p\/erased\//);
  await minute();
  return location?.split('/').at(-1)?.split('?')[0] ?? '';
};
/** Somebody who refused everything by their own link, and had themselves erased; gives the certificate. */
async function refusedAndErased(customer: number, email: string): Promise<string> {
  await buy(customer, email, EARLIER);
  const person = await inside(email);
  await person.ask('/p/me/everything', { form: {} });
  return eraseBy(person);
}
/** A page as staff see it. */
const inStaff = async (path: string): Promise<string> =>
  (await worker.dispatchFetch(`http://rapport.test${path}`, { headers: { cookie } })).text();
const granted = (state: string) => ({
  state,
  opt_in_level: 'confirmed_opt_in',
  consent_updated_at: new Date().toISOString(),
});

beforeAll(async () => {
  shop = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  resend = { ...(await addSource(worker, 'resend', { secret: MAIL_SECRET })), secret: MAIL_SECRET };
  const signedIn = await worker.dispatchFetch('http://rapport.test/sign-in', {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'http://rapport.test', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: ADMIN_TOKEN, next: '/' }).toString(),
  });
  cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  form = await addSource(worker, 'html_form', { settings: {} });
  await letSend(worker, resend.id);
});

describe('somebody who unsubscribed, was erased, and orders again', () => {
  const email = 'nora.vvq@example.com';
  let certificate = '';

  it('is told before what is kept, in each language', async () => {
    await buy(1, email, EARLIER);
    const person = await inside(email);
    const pages = await Promise.all(
      ['en', 'zh-Hans', 'bg', 'pl', 'ar'].map(async (lang) => (await person.ask(`/p/me/erase?lang=${lang}`)).text),
    );
    for (const [index, words] of ['which only you can lift', '只有您本人', 'само Вие', 'tylko Ty', 'سواك'].entries())
      expect(pages[index]).toContain(words);
    await person.ask('/p/me/everything', { form: {} });
    certificate = await eraseBy(person);
  });

  it('leaves no clear value behind, and the certificate says what is kept', async () => {
    expect(await isSomewhere('nora.vvq')).toBe(false);
    const kept = await callApi<{ keptRefusals: number; removed: { table: string }[] }>(
      worker,
      `/erasures/${certificate}`,
    );
    expect(kept.keptRefusals).toBe(12);
    expect(kept.removed.map(({ table }) => table)).not.toContain('kept_refusal');
    expect((await inStaff(`/privacy/erasures/${certificate}`)).includes('as a keyed hash')).toBe(true);
    expect(await inStaff('/privacy')).toContain('1 address of people');
  });

  it('gets no offers and no surveys, and is told of the order', async () => {
    await buy(1, email);
    expect(await mayAll(email)).toEqual([false, false, true]);
    expect((await may(email, 'research')).why).toContain('before they had their data erased');
    expect((await may(email, 'marketing', 'letter')).rule).toBe('denied');
    const sent = mailsTo(email).length;
    await callApi(worker, `/customers/${await idOf(email)}/preference-link`, { method: 'POST', body: { send: true } });
    await minute();
    expect(mailsTo(email)).toHaveLength(sent + 1);
  });

  it('stays refused whatever a shop, a second order or staff say', async () => {
    await say('customers/update', {
      id: 1,
      email,
      updated_at: new Date().toISOString(),
      email_marketing_consent: granted('subscribed'),
    });
    await buy(1, email);
    const id = await idOf(email);
    const word = { consents: [{ purpose: 'marketing', channel: 'email', state: 'granted' }], note: 'by telephone' };
    await callApi(worker, `/customers/${id}/consents`, { method: 'POST', body: word });
    expect(await mayAll(email)).toEqual([false, false, true]);
    const rows = await callApi<Record<string, string>[]>(worker, '/exports/customers?q=nora');
    expect(JSON.stringify(rows)).not.toContain('granted');
    expect(await inStaff(`/customers/${id}/consent`)).toContain('only they can take it back');
    expect(
      await callApi<{ count: number }>(worker, '/segments/count', {
        method: 'POST',
        body: { rule: 'may email for "research"' },
      }),
    ).toMatchObject({ count: 0 });
  });

  it('is refused again after a second erasure', async () => {
    await callApi(worker, `/customers/${await idOf(email)}`, { method: 'DELETE' });
    await buy(1, email);
    expect(await mayAll(email)).toEqual([false, false, true]);
  });

  it('takes it back by a link of their own, for what they tick and for no more', async () => {
    const person = await inside(email);
    expect((await person.ask('/p/me')).text).toContain('declined on');
    await person.ask('/p/me/choices', {
      form: [
        ['allow', 'research:email'],
        ['shown', 'research:email:0'],
        ['shown', 'marketing:email:0'],
      ],
    });
    expect(await mayAll(email)).toEqual([false, true, true]);
    await person.ask('/p/me/choices', {
      form: [
        ['allow', 'marketing:email'],
        ['shown', 'marketing:email:0'],
      ],
    });
    expect(await mayAll(email)).toEqual([true, true, true]);
    expect((await may(email, 'marketing', 'letter')).ok).toBe(false);
    await callApi(worker, `/customers/${await idOf(email)}`, { method: 'DELETE' });
    await buy(1, email);
    expect(await mayAll(email)).toEqual([false, true, true]);
    expect((await may(email, 'marketing')).rule).toBe('never_agreed');
  });
});

describe('an address that reported our mail as spam', () => {
  const email = 'quit.vvq@example.com';

  it('gets nothing more after it was erased and a file brings it back', async () => {
    await buy(21, email, EARLIER);
    const body = JSON.stringify({
      type: 'email.complained',
      created_at: new Date().toISOString(),
      data: { email_id: 'm-21', to: [email] },
    });
    const signed = SENDERS.resend?.sign?.(body, { secret: MAIL_SECRET, now: Date.now(), url: resend.url });
    expect((await deliver(worker, resend, signed ?? { headers: {}, body })).status).toBe(200);
    expect(await mayAll(email)).toEqual([false, false, false]);
    await callApi(worker, `/customers/${await idOf(email)}`, { method: 'DELETE' });
    expect(await isSomewhere('quit.vvq')).toBe(false);
    await importFile(
      askOf(worker),
      { text: `E-mail,Name\n${email},Quit Vex\n` },
      planOf({ kind: 'customers', columns: { email: 0, name: 1 } }),
    );
    expect(await mayAll(email)).toEqual([false, false, false]);
    const sent = mailsTo(email).length;
    await callApi(worker, `/customers/${await idOf(email)}/preference-link`, { method: 'POST', body: { send: true } });
    await minute();
    expect(mailsTo(email)).toHaveLength(sent);
  });
});

describe('what strangers type', () => {
  it('a refusal by a claim is held against claims of the address, and against nobody who has it', async () => {
    const email = 'typed.vvq@example.com';
    const type = (fields: Record<string, string>) =>
      worker.dispatchFetch(form.url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ email, message: 'Hello', ...fields }).toString(),
        redirect: 'manual',
      });
    await type({ consent_research: 'no' });
    expect((await may(email, 'research')).ok).toBe(false);
    await callApi(worker, `/customers/${await idOf(email)}`, { method: 'DELETE' });
    await type({});
    expect((await may(email, 'research')).ok).toBe(false);
    await buy(31, email);
    const answers = await Promise.all(
      (await holdersOf(worker, `email:${email}`)).map(({ id }) =>
        callApi<Answer>(worker, `/customers/${id}/may-contact?purpose=research&channel=email`),
      ),
    );
    expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('that somebody else claims an address of the erased takes nothing from them', async () => {
    const email = 'gone.vvq@example.com';
    await refusedAndErased(41, email);
    const person = {
      key: 'lively',
      identifiers: [
        { kind: 'email', value: 'lively.vvq@example.com', assurance: 'asserted' as const },
        { kind: 'email', value: email, assurance: 'claimed' as const },
      ],
    };
    const touchpoint = {
      messageId: 'lively',
      kind: 'note_added',
      channel: 'web',
      direction: 'in',
      initiator: 'customer',
    } as const;
    const clock = { now: () => Date.now(), uuid: () => crypto.randomUUID(), deliveryId: () => Date.now() * 2048 };
    const source = await db.prepare("SELECT id FROM source WHERE kind = 'html_form'").first<{ id: number }>();
    await append(db, clock, { sourceId: source?.id ?? 0, touchpoints: [{ ...touchpoint, occurredAt: null, person }] });
    expect(await mayAll('lively.vvq@example.com')).toEqual([false, true, true]);
  });
});

it('a shop that has somebody forgotten does not have their refusal forgotten', async () => {
  const email = 'redact.vvq@example.com';
  await buy(71, email, EARLIER);
  await say('customers/update', {
    id: 71,
    email,
    updated_at: EARLIER,
    email_marketing_consent: granted('unsubscribed'),
  });
  await say('customers/redact', { customer: { id: 71, email } });
  await minute();
  expect(await isSomewhere('redact.vvq')).toBe(false);
  await buy(71, email);
  expect(await may(email, 'marketing')).toMatchObject({ rule: 'denied' });
});

it('a refusal at one shop is heard when the address comes back by another', async () => {
  const email = 'both.vvq@example.com';
  const second = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  await buy(51, email, EARLIER);
  await say('customers/update', {
    id: 51,
    email,
    updated_at: EARLIER,
    email_marketing_consent: granted('unsubscribed'),
  });
  expect((await may(email, 'marketing')).rule).toBe('denied');
  await callApi(worker, `/customers/${await idOf(email)}`, { method: 'DELETE' });
  await deliver(
    worker,
    second,
    shopifyDelivery(
      SECRET,
      'orders/create',
      'both-2',
      orderBody({ id: 9052, customer: 78, email, createdAt: new Date(Date.now() + 60_000).toISOString() }),
    ),
  );
  expect((await may(email, 'marketing')).rule).toBe('denied');
});

it('a changed admin token forgets no refusal', async () => {
  const persist = mkdtempSync(`${tmpdir()}/refusals-`);
  const email = 'token.vvq@example.com';
  const told = (at: string) =>
    shopifyDelivery(
      SECRET,
      'customers/update',
      `token ${at}`,
      JSON.stringify({ id: 61, email, updated_at: at, email_marketing_consent: granted('unsubscribed') }),
    );
  const first = await startWithSql({ persist });
  const kept = await addSource(first.worker, 'shopify', { secret: SECRET });
  await deliver(first.worker, kept, told(EARLIER));
  const [holder] = await holdersOf(first.worker, `email:${email}`);
  await callApi(first.worker, `/customers/${holder?.id}`, { method: 'DELETE' });
  await first.worker.dispose();
  const second = await startWithSql({ persist, bindings: { ADMIN_TOKEN: 'another-admin-token-for-tests' } });
  try {
    const order = orderBody({ id: 9061, customer: 61, email, createdAt: new Date(Date.now() + 60_000).toISOString() });
    await deliver(second.worker, kept, shopifyDelivery(SECRET, 'orders/create', 'token order', order));
    const row = await second.db
      .prepare(
        "SELECT f.customer_id AS id FROM identifier i JOIN fragment f ON f.id = i.fragment_id WHERE i.value = ?1 AND i.kind = 'email'",
      )
      .bind(email)
      .first<{ id: number }>();
    expect(await mayContact(second.db, row?.id ?? 0, { purpose: 'marketing', channel: 'email' })).toMatchObject({
      ok: false,
      why: { rule: 'denied', basis: 'before_erasure' },
    });
  } finally {
    await second.worker.dispose();
    rmSync(persist, { recursive: true });
  }
});
