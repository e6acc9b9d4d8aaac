import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { startWithSql } from '../support/sql.ts';
import { signIn } from '../support/staff.ts';
import { addMember, minute, setOwner } from '../support/team.ts';
import { addTracking, track } from '../support/tracking.ts';
import { callApi } from '../support/worker.ts';

/** Organisations, households and notices as staff work with them: by pages and their forms, without a script. */
const { worker, db } = await startWithSql();
const ORIGIN = 'http://rapport.test';
afterAll(() => worker.dispose());

const { ask, textOf, leadsTo } = await signIn(worker);

const server = await addTracking(worker);
const desk = await addSource(worker, 'standard_webhooks');
const idOf = async (email: string) => (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
async function person(user: string, traits: object = {}): Promise<string> {
  const email = `${user}@work.example`;
  expect(
    await track(worker, server.secretKey, 'identify', {
      userId: user,
      traits: { email, name: `${user} Holt`, ...traits },
    }),
  ).toBe(200);
  return idOf(email);
}
let turn = 0;
async function event(type: string, data: object): Promise<void> {
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
  const signed = signStandardWebhooks(body, { secret: desk.secret, now: Date.now(), id: `msg_${++turn}` });
  expect((await deliver(worker, desk, signed)).status).toBe(200);
}

let acmePath = '';
const acme = () => acmePath;

describe('the pages of organisations', () => {
  it('say how one comes about, make one, and give back what does not fit', async () => {
    expect(await textOf('/notices')).toContain('Nothing has changed about anybody’s customers yet.');
    expect(await textOf('/organisations')).toContain('No organisation is known yet.');
    const bad = await ask('/organisations', { name: 'Acme', domain: 'no domain' });
    expect(bad.status).toBe(422);
    const html = await bad.text();
    expect(html).toContain('value="no domain"');
    expect(html).toContain('id="domain-fault"');
    const free = await ask('/organisations', { name: 'Acme', domain: 'gmail.com' });
    expect([free.status, (await free.text()).includes('Anybody can have an address at gmail.com')]).toEqual([
      422,
      true,
    ]);
    const path = (await leadsTo('/organisations', { name: 'Acme', domain: 'work.example' })).split('?', 1)[0] ?? '';
    acmePath = path;
    expect(await textOf(path)).toContain('Nobody belongs to it yet.');
    expect(await textOf('/organisations?q=acm')).toContain('>Acme</a>');
    expect(await textOf('/organisations?q=nothing')).toContain('No organisation matches.');
  });

  it('suggest who has an address of the domain or names the company, until staff say yes or no', async () => {
    const [one, two, three] = [await person('one'), await person('two'), await person('three')];
    await event('customer.created', { id: 'c-9', email: 'else@other.example', name: 'Elsa Lund', company: 'ACME' });
    const named = await idOf('else@other.example');
    const id = /organisations\/([0-9a-f-]{36})/.exec(await textOf('/organisations'))?.[1] ?? '';
    const path = `/organisations/${id}`;
    const before = await textOf(path);
    for (const words of ['May belong here', 'one@work.example', 'named with “ACME”']) expect(before).toContain(words);
    expect(await textOf(`/customers/${one}`)).toContain('May belong to');
    expect(await leadsTo(`${path}/members`, { customer: one })).toBe(`${path}?done=joined_group`);
    expect(await leadsTo(`${path}/members`, { customer: two, role: 'Cook', back: `/customers/${two}` })).toBe(
      `/customers/${two}?done=joined_group`,
    );
    for (const no of [three, named]) await leadsTo(`${path}/members/${no}/remove`, {});
    const after = await textOf(path);
    expect(after).not.toContain('May belong here');
    expect(after).toContain('Cook');
    expect(after).toContain(`/customers/${one}`);
    expect(after).not.toContain(`/customers/${named}`);
    const record = await textOf(`/customers/${two}`);
    expect(record).toContain(`href="${path}"`);
    expect(await textOf(`${path}?find=three`)).toContain(`id="role-${three}"`);
    expect(await textOf(`/customers/${three}`)).not.toContain('May belong to');
  });

  it('are reached from a record by name: the one that is there, or a new one', async () => {
    const four = await person('four');
    await leadsTo(`/customers/${four}/organisations`, { name: ' acme ', role: 'Owner' });
    await leadsTo(`/customers/${four}/organisations`, { name: 'Guild of Potters', role: '' });
    const html = await textOf(`/customers/${four}`);
    for (const words of ['>Acme</a>', 'Owner', '>Guild of Potters</a>']) expect(html).toContain(words);
    const changes = (await textOf(`/customers/${four}/changes`)).replaceAll(/<[^>]*>/g, '');
    for (const words of ['Added to Acme as Owner', 'Added to Guild of Potters']) expect(changes).toContain(words);
    expect(await leadsTo(`/customers/${four}/organisations`, { name: ' ' })).toContain('done=no_group_name');
    await callApi(worker, '/organisations', { method: 'POST', body: { name: 'ACME' } });
    expect(await leadsTo(`/customers/${four}/organisations`, { name: 'Acme' })).toContain('done=several_groups');
  });

  it('tell what happened with members as the shop speaks of it, at its time of day under the heading of the day', async () => {
    await event('order.created', {
      id: 'order-991',
      number: 'A-17',
      customer: { id: 'c-1', email: 'one@work.example' },
    });
    await event('order.refunded', {
      order_id: 'order-991',
      email: 'one@work.example',
      amount: '5.00',
      currency: 'EUR',
    });
    const { items } = await callApi<{ items: { id: string; name: string }[] }>(worker, '/organisations?q=acme');
    const pages = await Promise.all(items.map(({ id }) => textOf(`/organisations/${id}`)));
    const timeline = pages.map((html) => html.slice(html.indexOf('id="timeline"'))).join('');
    expect(timeline).toContain('A-17');
    expect(timeline).toMatch(/Was refunded for [^<]*A-17/);
    expect(timeline).not.toContain('order-991');
    expect(timeline).toMatch(/<time dateTime="[^"]*">\d\d:\d\d<\/time>/i);
  });

  it('are part of the record as of a past day, once it had been said', async () => {
    const two = await idOf('two@work.example');
    const day = (offset: number) => new Date(Date.now() + offset * 24 * 3600 * 1000).toISOString().slice(0, 10);
    await db.prepare('UPDATE edit SET at = at - 10 * 86400000').run();
    await db.prepare('UPDATE touchpoint SET occurred_at = occurred_at - 30 * 86400000').run();
    expect(await textOf(`/customers/${two}?at=${day(-5)}`)).toContain('Belonged to');
    expect(await textOf(`/customers/${two}?at=${day(-20)}`)).not.toContain('Belonged to');
  });

  it('give all members to somebody of the team, who is told of them from then on', async () => {
    expect(await textOf(acme())).toContain('Add your team');
    const { id: ivo } = await callApi<{ id: string }>(worker, '/staff-members', {
      method: 'POST',
      body: { name: 'Ivo' },
    });
    await leadsTo(`${acme()}/owner`, { owner: ivo });
    const html = await textOf(acme());
    expect(html).toContain('<bdi>Ivo</bdi>');
    await track(worker, server.secretKey, 'track', { userId: 'two', event: 'Payment Failed', properties: {} });
    await minute(worker);
    const told = async () => (await callApi<{ items: { rule: string }[] }>(worker, `/notices?member=${ivo}`)).items;
    expect((await told()).map(({ rule }) => rule)).toEqual(['payment_failed']);
    expect((await ask(`${acme()}/owner`, { owner: 'nobody' })).status).toBe(404);
    // Whoever says that they are Ivo sees the count on every page, and their own notices first.
    expect(await textOf('/customers')).not.toContain('class="count"');
    await db
      .prepare('UPDATE staff_session SET member_id = (SELECT id FROM staff_member WHERE public_id = ?1)')
      .bind(ivo)
      .run();
    expect(await textOf('/customers')).toContain('<span class="count">1<span');
    expect(await textOf('/notices')).toContain('Mark all as read');
    await leadsTo('/notices/read', { member: ivo, until: '' });
    expect(await textOf('/customers')).not.toContain('class="count"');
    await leadsTo(`${acme()}/owner`, { owner: '' });
    expect(await textOf(acme())).toContain('Nobody looks after its members yet.');
  });

  it('delete one and bring it back, and its members with it', async () => {
    const id = /organisations\/([0-9a-f-]{36})"[^>]*>Guild/.exec(await textOf('/organisations'))?.[1] ?? '';
    const four = await idOf('four@work.example');
    await leadsTo(`/organisations/${id}/delete`, {});
    expect(await textOf(`/customers/${four}`)).not.toContain('Guild of Potters');
    expect(await textOf(`/organisations/${id}`)).toContain('Bring it back');
    await leadsTo(`/organisations/${id}/restore`, {});
    expect(await textOf(`/customers/${four}`)).toContain('Guild of Potters');
    expect((await ask('/organisations/none')).status).toBe(404);
  });
});

describe('two with one telephone and differing addresses', () => {
  const sharing = async (name: string, phone: string) => {
    const email = `${name.toLowerCase()}@family.example`;
    await event('customer.created', { id: `f-${name}`, email, name: `${name} Dahl`, phone });
    return idOf(email);
  };

  it('are offered to be one household on the record, and are two people for good', async () => {
    const [a, b] = [await sharing('Ada', '+46701740605'), await sharing('Bo', '+46701740605')];
    expect(a).not.toBe(b);
    expect(await textOf(`/customers/${a}`)).toContain('Shares +46701740605 with');
    expect(await leadsTo(`/customers/${a}/household`, { with: b })).toBe(`/customers/${a}?done=together`);
    const html = await textOf(`/customers/${a}`);
    expect(html).toContain('Dahl household');
    expect(html).not.toContain('Shares +46701740605 with');
    const path = /href="(\/households\/[0-9a-f-]{36})"/.exec(html)?.[1] ?? '';
    expect(await textOf('/households')).toContain(`href="${path}"`);
    expect(await textOf('/organisations')).toContain('href="/households"');
    expect(await textOf(path)).toContain('says nothing of the others');
    await leadsTo(`${path}/members/${b}/remove`, { back: `/customers/${b}` });
    expect(await textOf(`/customers/${b}`)).toContain('Lives with nobody that is known.');
  });

  it('are asked about on the comparison: the third answer keeps them apart as people', async () => {
    const [a, b] = [await sharing('Cy', '+46701740606'), await sharing('Di', '+46701740606')];
    const path = `/customers/${a}/compare/${b}`;
    expect(await textOf(path)).toContain('Two people of one household');
    expect((await ask(path, { decision: 'household', reason: '' })).status).toBe(422);
    expect(await leadsTo(path, { decision: 'household', reason: 'Married' })).toBe(`/customers/${a}?done=together`);
    expect(await textOf(`/customers/${b}`)).toContain('Dahl household');
    const { items } = await callApi<{ items: { action: string; actor: string; revokedAt: string | null }[] }>(
      worker,
      `/customers/${a}/decisions`,
    );
    expect(items.filter(({ actor, revokedAt }) => actor === 'staff' && revokedAt === null)).toMatchObject([
      { action: 'refuse' },
    ]);
    const { suggestions } = await callApi<{ suggestions: { customerId: string }[] }>(worker, `/customers/${a}`);
    expect(suggestions).toEqual([]);
  });
});

describe('the page of notices', () => {
  it('shows what is unread first, and what was read after it', async () => {
    const member = await addMember(db, 'Mara <b>');
    const customer = await person('told');
    await setOwner(db, customer, member);
    await track(worker, server.secretKey, 'track', { userId: 'told', event: 'Payment Failed', properties: {} });
    await minute(worker);
    const html = await textOf(`/notices?member=${member}`);
    expect(html).toContain('A payment failed');
    expect(html).toContain('told Holt');
    expect(html).toContain('Mara &lt;b');
    const [notice] = (await callApi<{ items: { id: string }[] }>(worker, `/notices?member=${member}`)).items;
    const back = `/notices?member=${member}`;
    expect(await leadsTo(`/notices/${notice?.id}/read`, { back })).toBe(back);
    const read = await textOf(back);
    expect(read).toContain('All read.');
    expect(read).toContain('Earlier');
    expect((await ask('/notices/999/read', { back })).status).toBe(404);
    expect((await ask('/notices?cursor=nonsense')).status).toBe(404);
  });

  it('marks all as read that were there when it was read', async () => {
    const [reader] = (await callApi<{ items: { member: { id: string } }[] }>(worker, '/notices')).items;
    const member = reader?.member.id ?? '';
    for (const _ of [1, 2]) {
      await track(worker, server.secretKey, 'track', { userId: 'told', event: 'Payment Failed', properties: {} });
      await minute(worker);
    }
    const html = await textOf(`/notices?member=${member}`);
    const until = /name="until" value="(\d+)"/.exec(html)?.[1] ?? '';
    await leadsTo('/notices/read', { member, until });
    const unread = await callApi<{ items: object[] }>(worker, `/notices?member=${member}&unread=true`);
    expect(unread.items).toEqual([]);
  });

  it('and the others are shut to whoever has no session', async () => {
    for (const path of ['/notices', '/organisations', '/households', '/organisations/x', '/households/x'])
      expect((await worker.dispatchFetch(ORIGIN + path, { redirect: 'manual' })).status, path).toBe(303);
  });
});
