import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** A visitor for whom the owner's server vouches, through the widget's own door. */
const worker = startWorker();
afterAll(() => worker.dispose());

const site = await addSource(worker, 'site');
const shop = await addSource(worker, 'shopify', { secret: 'proof-secret' });

const tokenFor = (facts: object, secret = site.secret) => {
  const payload = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 600, ...facts })).toString(
    'base64url',
  );
  return `${payload}.${createHmac('sha256', secret).update(payload).digest('hex')}`;
};
const answer = async (identity: Record<string, string>, visitor: string = crypto.randomUUID()) => {
  const body = JSON.stringify({
    visitor,
    locale: 'en',
    page: { url: 'https://shop.example/', title: '', referrer: '' },
    identity,
    events: [
      { id: crypto.randomUUID(), at: Date.now(), type: 'survey_answered', answers: [{ question: 'nps', value: 9 }] },
    ],
  });
  const sent = await deliver(worker, site, { headers: { 'content-type': 'application/json' }, body });
  return { status: sent.status, text: sent.text };
};
const buy = async (customer: number, email: string) => {
  const body = orderBody({
    id: customer + 9_000,
    customer,
    email,
    name: 'Ann Alder',
    createdAt: '2026-03-01T10:00:00Z',
  });
  await deliver(worker, shop, shopifyDelivery(shop.secret, 'orders/create', `proof${customer}`, body));
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
};
type Customer = { id: string; stats: { touchpoints: number }; identifiers: { kind: string; assurance: string }[] };
const read = (id: string) => callApi<Customer>(worker, `/customers/${id}`);

describe('an answer with a token', () => {
  it('joins the record of the person, as proven', async () => {
    const id = await buy(1, 'ann@proof.example');
    await answer({ userId: '17', token: tokenFor({ sub: '17', email: 'ann@proof.example' }) });
    const record = await read(id);
    expect(record.stats.touchpoints).toBe(2);
    expect(record.identifiers).toContainEqual(expect.objectContaining({ kind: 'email', assurance: 'verified' }));
  });

  it('joins by the token and not by what stands beside it', async () => {
    const id = await buy(2, 'bea@proof.example');
    await buy(3, 'victim@proof.example');
    await answer({ email: 'victim@proof.example', userId: '99', token: tokenFor({ email: 'bea@proof.example' }) });
    expect((await read(id)).stats.touchpoints).toBe(2);
    expect((await holdersOf(worker, 'email:victim@proof.example')).map(({ stats }) => stats.touchpoints)).toEqual([1]);
  });

  it('is a claim when somebody else has shown the token before, and looks the same to the sender', async () => {
    const id = await buy(4, 'cleo@proof.example');
    const token = tokenFor({ email: 'cleo@proof.example' });
    const first = await answer({ email: 'cleo@proof.example', token });
    const second = await answer({ email: 'cleo@proof.example', token });
    const forged = await answer({
      email: 'cleo@proof.example',
      token: tokenFor({ email: 'cleo@proof.example' }, 'guess'),
    });
    expect([second, forged]).toEqual([first, first]);
    expect((await read(id)).stats.touchpoints).toBe(2);
    expect(await holdersOf(worker, 'email:cleo@proof.example')).toHaveLength(3);
  });

  it('of a second person on one browser is that person’s', async () => {
    const [one, two] = [await buy(5, 'dora@proof.example'), await buy(6, 'emil@proof.example')];
    const visitor = crypto.randomUUID();
    await answer({ token: tokenFor({ sub: 'd', email: 'dora@proof.example' }) }, visitor);
    await answer({ token: tokenFor({ sub: 'e', email: 'emil@proof.example' }) }, visitor);
    expect([(await read(one)).stats.touchpoints, (await read(two)).stats.touchpoints]).toEqual([2, 2]);
    expect((await read(one)).id).not.toBe((await read(two)).id);
  });

  it('shown twenty times at once by twenty visitors is proven for one of them', async () => {
    const id = await buy(7, 'fay@proof.example');
    const token = tokenFor({ email: 'fay@proof.example' });
    await Promise.all(Array.from({ length: 20 }, () => answer({ email: 'fay@proof.example', token })));
    expect((await read(id)).stats.touchpoints).toBe(2);
  });
});
