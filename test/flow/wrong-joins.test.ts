import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { asAdmin, callApi, startWorker } from '../support/worker.ts';

/**
 * How other systems have joined people who are not one, each as a rule that holds here. Further of them stand where their part is
 * tested: hostile merges over every public key in strangers.test, words for "nobody" in identity.test, a second person who proves
 * who they are in proof.test, data kept by a merge and its undoing in merge.test and merge-worlds.test, consent in consent.test.
 */
const worker = startWorker();
afterAll(() => worker.dispose());

const shop = await addSource(worker, 'shopify', { secret: 'wrong-joins' });
const other = await addSource(worker, 'shopify', { secret: 'wrong-joins', name: 'Second shop' });
const desk = await addSource(worker, 'standard_webhooks');
const site = await addSource(worker, 'site');
const form = await addSource(worker, 'html_form');

let turn = 0;
const next = () => ++turn;
type Extra = Readonly<Record<string, string>>;

const buy = async (who: { customer?: number; email?: string; name?: string; at?: string }, source = shop) => {
  const id = 600_000 + next();
  const body = orderBody({ id, createdAt: who.at ?? '2026-05-01T10:00:00Z', ...who });
  const sent = await deliver(worker, source, shopifyDelivery(source.secret, 'orders/create', `wrong${id}`, body));
  expect(sent.status).toBe(200);
};
const event = async (type: string, data: Record<string, unknown>) => {
  const body = JSON.stringify({ type, timestamp: '2026-05-02T10:00:00Z', data });
  const { headers, ...signed } = signStandardWebhooks(body, {
    secret: desk.secret,
    now: Date.now(),
    id: `wrong${next()}`,
  });
  const sent = await deliver(worker, desk, {
    ...signed,
    headers: { ...headers, 'content-type': 'application/json' },
  });
  expect(sent.status).toBe(200);
};
const visit = async (identity: object, visitor: string = crypto.randomUUID(), headers: Extra = {}, value = 9) => {
  const message = {
    visitor,
    locale: 'en',
    page: { url: 'https://shop.example/', title: '', referrer: '' },
    identity,
    events: [
      { id: crypto.randomUUID(), at: Date.now(), type: 'survey_answered', answers: [{ question: 'nps', value }] },
    ],
  };
  return deliver(worker, site, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(message),
  });
};
const write = (fields: Record<string, string>, headers: Extra = {}) =>
  deliver(worker, form, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const tokenFor = (facts: object) => {
  const payload = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 600, ...facts })).toString(
    'base64url',
  );
  return `${payload}.${createHmac('sha256', site.secret).update(payload).digest('hex')}`;
};

type Customer = {
  readonly id: string;
  readonly displayName: string | null;
  readonly formerIds: readonly string[];
  readonly stats: { readonly touchpoints: number };
  readonly identifiers: readonly { kind: string; value: string; assurance: string }[];
  readonly suggestions: readonly { customerId: string; reason: Record<string, unknown> }[];
};
const read = (id: string) => callApi<Customer>(worker, `/customers/${id}`);
const idOf = async (identifier: string): Promise<string> => (await holdersOf(worker, identifier))[0]?.id ?? '';
const post = <T = { decisionId: string }>(path: string, body: object) =>
  callApi<T>(worker, path, { method: 'POST', body });
const put = (path: string, body: object) => callApi(worker, path, { method: 'PUT', body });

describe('one device that several people use', () => {
  it('keeps what was done before somebody proved who they are, and gives it to neither of two who do', async () => {
    await buy({ customer: next(), email: 'first@device.example' });
    await buy({ customer: next(), email: 'second@device.example' });
    const [one, two] = [await idOf('email:first@device.example'), await idOf('email:second@device.example')];
    const visitor = crypto.randomUUID();
    await visit({}, visitor);
    await visit({ token: tokenFor({ email: 'first@device.example' }) }, visitor);
    await visit({}, visitor);
    await visit({ token: tokenFor({ email: 'second@device.example' }) }, visitor);
    expect([(await read(one)).stats.touchpoints, (await read(two)).stats.touchpoints]).toEqual([2, 2]);
    expect((await read(one)).id).not.toBe((await read(two)).id);
  });

  it('joins nobody when staff type the addresses of many customers into it', async () => {
    const visitor = crypto.randomUUID();
    for (const name of ['a', 'b', 'c']) {
      await buy({ customer: next(), email: `${name}@till.example` });
      await visit({ email: `${name}@till.example` }, visitor);
    }
    for (const name of ['a', 'b', 'c'])
      expect((await read(await idOf(`email:${name}@till.example`))).stats.touchpoints).toBe(1);
  });
});

describe('a request that says of itself that it is to be believed', () => {
  it.each([
    { verified: true },
    { hmac_verified: true },
    { assurance: 'verified' },
    { identifier_hash: 'a'.repeat(64) },
  ])('is believed no more for %j', async (flag) => {
    const email = `flag${next()}@flags.example`;
    await buy({ customer: next(), email });
    const id = await idOf(`email:${email}`);
    await visit({ email, ...flag });
    await write({ email, ...Object.fromEntries(Object.entries(flag).map(([name, value]) => [name, String(value)])) });
    expect((await read(id)).stats.touchpoints).toBe(1);
  });
});

describe('a value that is nobody’s own', () => {
  it('joins nobody once the owner says so, parts whom it had joined, and joins them again when that is taken back', async () => {
    const email = 'till@counter.example';
    for (const source of [shop, other]) await buy({ customer: next(), email }, source);
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(1);
    await put('/identity-rules', { neverJoin: ['@counter.example'] });
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(2);
    await event('ticket.created', {
      id: `t${next()}`,
      email,
      email_verified: true,
      customer_id: 'desk-1',
      text: 'Hello',
    });
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(3);
    await put('/identity-rules', { neverJoin: [] });
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(1);
  });

  it('joins no more than one person has, says so, and staff may join them all the same', async () => {
    const email = 'everybody@limit.example';
    await put('/identity-rules', { limits: { merges: 1 } });
    for (const source of [shop, other]) await buy({ customer: next(), email }, source);
    await event('ticket.created', {
      id: `t${next()}`,
      email,
      email_verified: true,
      customer_id: `desk-${next()}`,
      text: 'Hello',
    });
    const holders = await holdersOf(worker, `email:${email}`);
    expect(holders).toHaveLength(2);
    const [a, b] = await Promise.all(holders.map(({ id }) => read(id)));
    expect((a?.stats.touchpoints ?? 0) + (b?.stats.touchpoints ?? 0)).toBe(3);
    expect(a?.suggestions).toContainEqual(
      expect.objectContaining({
        customerId: b?.id,
        reason: { rule: 'over_limit', kind: 'email', value: email, limit: 'merges', most: 1 },
      }),
    );
    const why = await worker.dispatchFetch(`http://rapport.test/api/v1/customers/${a?.id}/decisions`, {
      headers: asAdmin,
    });
    expect(await why.text()).toContain('over_limit');
    await post(`/customers/${a?.id}/merge`, { from: b?.id ?? '', reason: 'It is one' });
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(1);
    await put('/identity-rules', { limits: { merges: 100 } });
  });
});

describe('of two records that become one', () => {
  it.each(['into', 'from'])('the known one survives, though the other is a newer stranger: %s', async (side) => {
    const email = `survivor-${side}@wrong.example`;
    await buy({ customer: next(), email, name: 'Known Person' });
    const known = await idOf(`email:${email}`);
    await visit({ email, name: 'Newer Stranger' });
    const stranger = (await holdersOf(worker, `email:${email}`)).find(({ id }) => id !== known)?.id ?? '';
    const [into, from] = side === 'into' ? [known, stranger] : [stranger, known];
    await post(`/customers/${into}/merge`, { from, reason: 'x' });
    for (const id of [known, stranger]) {
      const record = await read(id);
      expect([record.id, record.displayName, record.formerIds]).toEqual([known, 'Known Person', [stranger]]);
    }
  });

  it('none is refused to staff, whatever the rules say against it', async () => {
    const email = 'blocked@wrong.example';
    for (const name of ['One', 'Two']) await buy({ customer: next(), email, name });
    const [a, b] = await holdersOf(worker, `email:${email}`);
    const { decisionId } = await post(`/customers/${a?.id}/merge`, {
      from: b?.id ?? '',
      reason: 'Two accounts of hers',
    });
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(1);
    await post(`/decisions/${decisionId}/revoke`, { reason: 'x' });
    expect(await holdersOf(worker, `email:${email}`)).toHaveLength(2);
  });

  it('what one brings along asks nobody to act: it is old news', async () => {
    const email = 'inherited@wrong.example';
    await buy({ customer: next(), email });
    await visit({ email }, crypto.randomUUID(), {}, 0);
    const [known, stranger] = await holdersOf(worker, `email:${email}`);
    const waiting = async () => (await callApi<{ items: { id: string }[] }>(worker, '/attention?limit=200')).items;
    // The log is followed at most once a second, when something has come in.
    const followed = async (): Promise<number> => {
      await visit({});
      return (await waiting()).length;
    };
    await expect.poll(followed, { timeout: 8000, interval: 500 }).toBeGreaterThan(0);
    const before = (await waiting()).map(({ id }) => id);
    await post(`/customers/${known?.id}/merge`, { from: stranger?.id ?? '', reason: 'x' });
    // Something new comes in, and the log is followed past the merge.
    await visit({}, crypto.randomUUID());
    await new Promise((done) => setTimeout(done, 1200));
    await visit({}, crypto.randomUUID());
    expect((await waiting()).map(({ id }) => id)).toEqual(before);
  });
});

describe('nobody is joined', () => {
  it('for coming from one network with one browser', async () => {
    const headers = { 'cf-connecting-ip': '198.51.100.7', 'user-agent': 'Mozilla/5.0 (the same)' };
    await buy({ customer: next(), email: 'office@net.example' });
    await visit({}, crypto.randomUUID(), headers);
    await visit({ email: 'n1@net.example' }, crypto.randomUUID(), headers);
    await write({ email: 'n2@net.example', message: 'Hi' }, headers);
    for (const name of ['office', 'n1', 'n2']) {
      const holders = await holdersOf(worker, `email:${name}@net.example`);
      expect(holders.map(({ stats }) => stats.touchpoints)).toEqual([1]);
    }
  });

  it('for a click in a mail, which whoever it was forwarded to may have made', async () => {
    const email = 'recipient@click.example';
    await buy({ customer: next(), email });
    await event('email.clicked', { id: `m${next()}`, email, url: 'https://shop.example/?e=recipient' });
    const id = await idOf(`email:${email}`);
    const before = (await read(id)).stats.touchpoints;
    const visitor = crypto.randomUUID();
    await visit({}, visitor, { referer: `https://shop.example/?email=${email}` });
    expect((await read(id)).stats.touchpoints).toBe(before);
    expect((await read(id)).identifiers.map(({ value }) => value)).not.toContain(visitor);
  });
});

describe('a crowd that claims one address', () => {
  it('is answered like anybody, is kept, and does not flood the record of whose address it is', async () => {
    const email = 'flooded@wrong.example';
    await buy({ customer: next(), email });
    const answers = new Set<string>();
    for (let i = 0; i < 25; i++) {
      const { status, text } = await visit({ email });
      answers.add(`${status} ${text}`);
    }
    expect(answers.size).toBe(1);
    const holders = await callApi<{ items: unknown[] }>(worker, `/customers?identifier=email:${email}&limit=100`);
    expect(holders.items).toHaveLength(21);
    expect((await read(await idOf(`email:${email}`))).suggestions).toHaveLength(3);
  });
});
