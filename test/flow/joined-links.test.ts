import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dump } from '../support/dump.ts';
import { letSend, postOffice } from '../support/mailers.ts';
import { drift, queryOf } from '../support/numbers.ts';
import { linksIn, visitor } from '../support/person.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** Staff may join the wrong two records: a link shows and erases what its own address proves, and nothing of the other. */
const office = postOffice();
const { worker, db } = await startWithSql({ outside: office.answer });
afterAll(() => worker.dispose());

const SECRET = 'a-shopify-signing-secret';
let shop: Source;
let form: Source;
let n = 0;

const minute = async () => void (await (await worker.getWorker()).scheduled({}));
const mailsTo = (address: string) => office.posted.filter(({ to }) => to === address);
const isSomewhere = async (text: string) => (await dump(db)).some((line) => line.includes(text));

/** A customer of the shop with a name that stands nowhere else. */
async function customer(email = `joined${n}@example.com`) {
  const number = n++;
  const name = `Vvq${number} Zephyrine${number}`;
  const order = { id: 70_000 + number, customer: 300 + number, email, name, createdAt: '2026-01-05T10:00:00Z' };
  const delivery = shopifyDelivery(SECRET, 'orders/create', `joined-${number}`, orderBody(order));
  expect((await deliver(worker, shop, delivery)).status).toBe(200);
  const holders = await holdersOf(worker, `email:${email}`);
  const id = holders.find(({ displayName }) => displayName === name)?.id ?? '';
  await callApi(worker, `/customers/${id}/touchpoints`, {
    method: 'POST',
    body: { kind: 'note_added', text: `Noted of ${name}` },
  });
  return { email, name, id };
}
type Somebody = Awaited<ReturnType<typeof customer>>;

const join = async (to: Somebody, from: Pick<Somebody, 'id'>) =>
  (
    await callApi<{ decisionId: string }>(worker, `/customers/${to.id}/merge`, {
      method: 'POST',
      body: { from: from.id, reason: 'they look alike' },
    })
  ).decisionId;
const revoke = (decision: string) =>
  worker.dispatchFetch(`http://rapport.test/api/v1/decisions/${decision}/revoke`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'they are two' }),
  });

async function openedBy(path: string) {
  const person = visitor(worker);
  expect((await person.ask(path, { form: { act: 'open' } })).location).toBe('/p/me');
  return person;
}
async function inside({ email }: Pick<Somebody, 'email'>) {
  await db.prepare('DELETE FROM mail_request').run();
  await visitor(worker).ask('/p', { form: { email } });
  await minute();
  return openedBy(linksIn(mailsTo(email).at(-1)?.text ?? '')[0] ?? '/none');
}
/** All that somebody is shown and handed. */
async function everything(person: Awaited<ReturnType<typeof inside>>): Promise<string> {
  const pages = ['/p/me', '/p/me/data.json', '/p/me/data.html'];
  const seen = await Promise.all(pages.map((path) => person.ask(path)));
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200]);
  return seen.map(({ text }) => text).join('\n');
}
const NOTE = 'this link cannot show';
const may = async (id: string, purpose: string) =>
  (await callApi<{ ok: boolean }>(worker, `/customers/${id}/may-contact?purpose=${purpose}&channel=email`)).ok;
const eraseBy = async (person: Awaited<ReturnType<typeof inside>>) => {
  const { location } = await person.ask('/p/me/erase', { form: { confirm: 'erase' } });
  expect(location).toMatch(/^\/p\/erased\//);
  await minute();
  return location ?? '';
};

beforeAll(async () => {
  shop = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  form = await addSource(worker, 'html_form', { settings: {} });
  const resend = await addSource(worker, 'resend', { secret: SENDERS.resend?.secretOf?.('joined') ?? '' });
  await letSend(worker, resend.id);
});

describe('while two customers are joined by hand', () => {
  it('either link shows its own and says that there is more, and of that nothing', async () => {
    const one = await customer();
    const other = await customer();
    await join(one, other);
    for (const [own, foreign] of [
      [one, other],
      [other, one],
    ] as const) {
      const text = await everything(await inside(own));
      expect(text).toContain(own.name);
      expect(text).toContain(own.email);
      expect(text).toContain(`Noted of ${own.name}`);
      expect(text).toContain(NOTE);
      for (const word of [foreign.name, foreign.email, foreign.name.split(' ')[1] ?? ''])
        expect(text).not.toContain(word);
    }
  });

  it('a link that staff hand over shows the part it is for, and staff see all of it', async () => {
    const one = await customer();
    const other = await customer();
    await join(one, other);
    const { url } = await callApi<{ url: string }>(worker, `/customers/${one.id}/preference-link`, {
      method: 'POST',
      body: {},
    });
    const text = await everything(await openedBy(new URL(url).pathname));
    expect(text).toContain(one.name);
    expect(text).not.toContain(other.name);
    const held = JSON.stringify(await callApi(worker, `/customers/${one.id}/export`));
    for (const name of [one.name, other.name]) expect(held).toContain(name);
    expect(held).toContain('"isPart":false');
  });

  it('a refusal is for all of it, an agreement for what is theirs', async () => {
    const one = await customer();
    const other = await customer();
    const decision = await join(one, other);
    const person = await inside(other);
    await person.ask('/p/me/choices', {
      form: [
        ['allow', 'marketing:email'],
        ['shown', 'marketing:email:0'],
        ['shown', 'research:email:1'],
      ],
    });
    expect((await person.ask('/p/me')).text).toContain('agreed on');
    expect([await may(one.id, 'marketing'), await may(one.id, 'research')]).toEqual([true, false]);
    expect((await revoke(decision)).status).toBe(200);
    expect([await may(one.id, 'marketing'), await may(one.id, 'research')]).toEqual([false, false]);
    expect([await may(other.id, 'marketing'), await may(other.id, 'research')]).toEqual([true, false]);
  });

  it.each(['the older', 'the younger'])('erasing by the link of %s leaves the other as it was', async (which) => {
    const one = await customer();
    const other = await customer();
    const before = await callApi<Record<string, unknown>>(
      worker,
      `/customers/${which === 'the older' ? other.id : one.id}`,
    );
    const decision = await join(one, other);
    const [gone, left] = which === 'the older' ? [one, other] : [other, one];
    const person = await inside(gone);
    expect((await person.ask('/p/me/erase')).text).toContain('Only what this link shows is erased');
    const { text } = await visitor(worker).ask(await eraseBy(person));
    expect(text).toContain('What your link showed is erased');
    for (const word of [gone.name, gone.email]) expect(await isSomewhere(word)).toBe(false);
    const [now] = await holdersOf(worker, `email:${left.email}`);
    expect(now).toMatchObject({ displayName: left.name, stats: (before as { stats: object }).stats });
    expect((await revoke(decision)).status).toBe(404);
    expect(await everything(await inside(left))).not.toContain(NOTE);
    expect(await drift(queryOf(db))).toEqual([]);
  });

  it('staff erase all of it', async () => {
    const one = await customer();
    const other = await customer();
    await join(one, other);
    await callApi(worker, `/customers/${one.id}`, { method: 'DELETE' });
    for (const { name } of [one, other]) expect(await isSomewhere(name)).toBe(false);
  });

  it('a link sees only its own again once they are taken apart', async () => {
    const one = await customer();
    const other = await customer();
    const decision = await join(one, other);
    const person = await inside(one);
    expect((await person.ask('/p/me')).text).toContain(NOTE);
    expect((await revoke(decision)).status).toBe(200);
    const text = await everything(person);
    expect(text).not.toContain(NOTE);
    expect(text).toContain(one.name);
    expect(text).not.toContain(other.name);
  });
});

describe('what a mail to the address would open without the join', () => {
  it('is shown together: two records that have proven the same address', async () => {
    const email = 'shared.vvq@example.com';
    const one = await customer(email);
    const other = await customer(email);
    expect(one.id).not.toBe(other.id);
    await join(one, other);
    const person = await inside(one);
    const text = await everything(person);
    expect(text).not.toContain(NOTE);
    for (const { name } of [one, other]) expect(text).toContain(name);
  });

  it('is shown and erased together: what somebody typed under the address', async () => {
    const one = await customer('typed.vvq@example.com');
    await worker.dispatchFetch(form.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: one.email, name: 'Typed Vvqform', message: 'A typed word' }).toString(),
      redirect: 'manual',
    });
    const typed = (await holdersOf(worker, `email:${one.email}`)).find(({ id }) => id !== one.id);
    await join(one, { id: typed?.id ?? '' });
    const person = await inside(one);
    expect(await everything(person)).toContain('A typed word');
    expect((await person.ask('/p/me')).text).not.toContain(NOTE);
    await eraseBy(person);
    for (const word of ['Vvqform', 'A typed word', one.name]) expect(await isSomewhere(word)).toBe(false);
  });

  it('is not shown: what names another address, too', async () => {
    const one = await customer();
    const stranger = await customer();
    await worker.dispatchFetch(form.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: stranger.email, message: 'Not for the other' }).toString(),
      redirect: 'manual',
    });
    const typed = (await holdersOf(worker, `email:${stranger.email}`)).find(({ id }) => id !== stranger.id);
    await join(one, { id: typed?.id ?? '' });
    const text = await everything(await inside(one));
    expect(text).toContain(NOTE);
    expect(text).not.toContain('Not for the other');
    expect(text).not.toContain(stranger.email);
  });
});
