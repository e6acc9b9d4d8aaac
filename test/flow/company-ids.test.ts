import { Response } from 'miniflare';
import { afterAll, describe, expect, it } from 'vitest';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, type Source } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** The companies of which senders tell by their own ids, in webhooks and by their APIs; and of which they do not tell strangers. */
const answers = new Map<string, unknown>();
const { worker } = await startWithSql({
  build: 'development',
  outside: ({ url }) => {
    const { host, pathname } = new URL(url);
    const known = answers.get(host + pathname);
    return known === undefined ? new Response(null, { status: 404 }) : Response.json(known);
  },
});
afterAll(() => worker.dispose());

let turn = 0;
async function connected(kind: string, credentials?: object): Promise<Source> {
  const secret = SENDERS[kind]?.secretOf?.('companies') ?? '';
  const source = { ...(await addSource(worker, kind, { secret })), secret };
  if (credentials) await callApi(worker, `/sources/${source.id}`, { method: 'PATCH', body: { credentials } });
  return source;
}
async function send(kind: string, source: Source, payload: object): Promise<void> {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const options = { secret: source.secret, now, id: `msg_${++turn}`, url: source.url };
  const signed = SENDERS[kind]?.sign?.(JSON.stringify(payload), options);
  const headers = { 'content-type': 'application/json', ...signed?.headers };
  const sent = await deliver(worker, source, { headers, body: signed?.body ?? JSON.stringify(payload) });
  expect(sent.status, sent.text).toBe(200);
}
const minute = async () =>
  expect((await worker.dispatchFetch('http://rapport.test/demo/cron', { method: 'POST' })).status).toBe(200);

type Organisation = { readonly id: string; readonly name: string; readonly domain: string | null };
type Member = { readonly id: string; readonly role: string | null };
const called = async (name: string) =>
  (await callApi<{ items: Organisation[] }>(worker, `/organisations?q=${encodeURIComponent(name)}`)).items.filter(
    (one) => one.name === name,
  );
/** Who is in the one organisation of this name; null where there is none. */
async function inside(name: string) {
  const [organisation, ...others] = await called(name);
  expect(others).toEqual([]);
  if (!organisation) return null;
  const { items } = await callApi<{ items: Member[] }>(worker, `/organisations/${organisation.id}/members`);
  return { domain: organisation.domain, members: items.map(({ id, role }) => ({ id, role })) };
}
const idOf = async (email: string) => (await holdersOf(worker, `email:${email}`))[0]?.id;
const AT = '2026-03-03T10:00:00Z';

describe('a company of Adobe Commerce', () => {
  const saved = (what: string, value: object) => ({
    id: `b2b${++turn}`,
    type: `com.adobe.commerce.observer.${what}_save_commit_after`,
    time: AT,
    data: { value },
  });
  const order = (customer_id: string, email: string) =>
    saved('sales_order', {
      entity_id: String(++turn),
      customer_id,
      customer_email: email,
      state: 'processing',
      grand_total: '80.0000',
      order_currency_code: 'EUR',
      extension_attributes: { company_order_attributes: { company_id: 5, company_name: 'Harbour Timber' } },
    });

  it('has whoever orders for it, and whose account is in it, with what they are there', async () => {
    const source = await connected('adobe_commerce');
    await send('adobe_commerce', source, order('71', 'timber@b2b.example'));
    const account = { entity_id: '71', email: 'timber@b2b.example' };
    const company_attributes = { company_id: 5, job_title: 'Buyer', status: 1 };
    await send(
      'adobe_commerce',
      source,
      saved('customer', { ...account, extension_attributes: { company_attributes } }),
    );
    const id = await idOf('timber@b2b.example');
    expect(await inside('Harbour Timber')).toEqual({ domain: null, members: [{ id, role: 'Buyer' }] });
  });

  it('has nobody whom it has shut out, and no guest', async () => {
    const source = await connected('adobe_commerce');
    const company_attributes = { company_id: 6, company_name: 'Shut Out', status: 0 };
    await send(
      'adobe_commerce',
      source,
      saved('customer', { entity_id: '72', extension_attributes: { company_attributes } }),
    );
    await send('adobe_commerce', source, order('0', 'guest@b2b.example'));
    expect(await inside('Shut Out')).toBeNull();
    expect((await inside('Harbour Timber'))?.members).not.toContainEqual(
      expect.objectContaining({ id: await idOf('guest@b2b.example') }),
    );
  });
});

describe('a company of Intercom', () => {
  const contact = (role: string, email: string, name: string) => ({
    id: `notif_${++turn}`,
    topic: `contact.${role}.created`,
    created_at: 1_772_532_000,
    data: {
      item: {
        id: `ic${turn}`,
        role,
        email,
        created_at: AT,
        companies: {
          type: 'list',
          data: [{ type: 'company', id: `company-${name}`, name, website: 'https://reed.example' }],
        },
      },
    },
  });

  it('has its users, and no visitor of the chat', async () => {
    const source = await connected('intercom');
    await send('intercom', source, contact('user', 'user@reed.example', 'Reed Works'));
    await send('intercom', source, contact('lead', 'lead@reed.example', 'Said In The Chat'));
    const id = await idOf('user@reed.example');
    expect(await inside('Reed Works')).toEqual({ domain: 'reed.example', members: [{ id, role: null }] });
    expect(await inside('Said In The Chat')).toBeNull();
  });
});

describe('an organisation of Zendesk', () => {
  it('has users whose address is confirmed, for it puts them there by its domain', async () => {
    const source = await connected('zendesk', { subdomain: 'b2b', email: 'a@example.com', apiToken: 'a'.repeat(40) });
    const organizations = [{ id: 88, name: 'Quay Chandlers', domain_names: ['quay.example', 'other.example'] }];
    for (const [id, verified] of [
      [501, true],
      [502, false],
    ] as const) {
      const user = {
        id,
        role: 'end-user',
        name: `U ${id}`,
        email: `u${id}@quay.example`,
        verified,
        organization_id: 88,
      };
      answers.set(`b2b.zendesk.com/api/v2/users/${id}.json`, { user, organizations });
      const detail = { id: String(++turn), requester_id: String(id), via: { channel: 'email' } };
      await send('zendesk', source, {
        id: `z${turn}`,
        type: 'zen:event-type:ticket.created',
        time: AT,
        detail,
        event: {},
      });
    }
    await minute();
    await expect.poll(() => idOf('u502@quay.example'), { timeout: 20_000 }).toBeDefined();
    await expect.poll(() => idOf('u501@quay.example'), { timeout: 20_000 }).toBeDefined();
    const members = [{ id: await idOf('u501@quay.example'), role: null }];
    expect(await inside('Quay Chandlers')).toEqual({ domain: 'quay.example', members });
  });
});

describe('a company of HubSpot', () => {
  it('has contacts whose address staff have put down, and the name that staff have given it', async () => {
    const source = await connected('hubspot', { accessToken: `pat-eu1-${'a'.repeat(20)}` });
    const contacts = [
      [601, 'CRM_UI', 'CRM_UI', 'Sail Loft'],
      [602, 'IMPORT', 'FORM', 'Typed Over It'],
      [603, 'FORM', 'FORM', 'Planted'],
    ] as const;
    for (const [objectId, byEmail, byCompany, company] of contacts) {
      answers.set(`api.hubapi.com/crm/v3/objects/contacts/${objectId}`, {
        id: String(objectId),
        properties: {
          email: `c${objectId}@loft.example`,
          company,
          associatedcompanyid: objectId === 603 ? '41' : '40',
        },
        propertiesWithHistory: { email: [{ sourceType: byEmail }], company: [{ sourceType: byCompany }] },
        updatedAt: AT,
      });
      const event = { eventId: ++turn, occurredAt: Date.parse(AT), subscriptionType: 'contact.creation', objectId };
      await send('hubspot', source, [event]);
    }
    await minute();
    for (const [id] of contacts)
      await expect.poll(() => idOf(`c${id}@loft.example`), { timeout: 20_000 }).toBeDefined();
    const ids = await Promise.all([601, 602].map((id) => idOf(`c${id}@loft.example`)));
    const loft = await inside('Sail Loft');
    expect(loft?.members.map(({ id }) => id).sort()).toEqual(ids.sort());
    for (const name of ['Typed Over It', 'Planted', 'company:41']) expect(await inside(name)).toBeNull();
  });
});
