import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { fc, patience, runs } from '../support/chance.ts';
import { dump } from '../support/dump.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/**
 * Strangers with every public key there is: the widget's, the form's, the write key for browsers. Whatever they send, in
 * whatever order, no customer's record changes, and no answer tells whether somebody is known.
 */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());

const shop = await addSource(worker, 'shopify', { secret: 'strangers-secret' });
const site = await addSource(worker, 'site');
const form = await addSource(worker, 'html_form');
const sdk = (await callApi<Source & { writeKey: string; secretKey: string }>(worker, '/sources', {
  method: 'POST',
  body: { kind: 'segment', name: 'SDKs' },
})) satisfies Source;

const PHONE = '+48123555666';
const buy = (id: number, email: string) =>
  deliver(
    worker,
    shop,
    shopifyDelivery(
      shop.secret,
      'orders/create',
      `stranger${id}`,
      orderBody({ id, customer: id, email, name: 'Vera Victim', createdAt: '2026-03-01T10:00:00Z' }),
    ),
  );

/** A secret sender's word, as a server would give it: the victim is known there by an id. */
async function assertUser(userId: string, email: string): Promise<void> {
  const body = JSON.stringify({
    type: 'identify',
    userId,
    traits: { email, phone: PHONE },
    messageId: `srv-${userId}`,
  });
  const response = await worker.dispatchFetch('http://rapport.test/v1/identify', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${sdk.secretKey}:`).toString('base64')}`,
    },
    body,
  });
  expect(response.status).toBe(200);
}

type Who = { readonly email: string; readonly userId: string };
type Act = { readonly by: keyof typeof WAYS; readonly visitor: number; readonly what: number };

let visitors: readonly string[] = [];
const forged = ({ email, userId }: Who, secret: string) => {
  const payload = Buffer.from(
    JSON.stringify({ sub: userId, email, exp: Math.floor(Date.now() / 1000) + 300 }),
  ).toString('base64url');
  return `${payload}.${createHmac('sha256', secret).update(payload).digest('hex')}`;
};

async function widget(who: Who, { visitor, what }: Act) {
  const identity = { email: who.email, userId: who.userId, phone: PHONE, name: 'Somebody Else' };
  const tokens = [undefined, forged(who, 'whsec_guess'), forged(who, site.key), `${forged(who, '')}`, 'x.y.z'];
  const token = tokens[what % tokens.length];
  const body = JSON.stringify({
    visitor: visitors[visitor % 2],
    locale: 'pl-PL',
    page: { url: 'https://shop.example/', title: '', referrer: '' },
    identity: { ...identity, ...(token && { token }) },
    events: [
      { id: crypto.randomUUID(), at: Date.now(), type: 'survey_answered', answers: [{ question: 'nps', value: 0 }] },
    ],
  });
  return deliver(worker, site, { headers: { 'content-type': 'application/json' }, body });
}

const formPost = (who: Who) =>
  deliver(worker, form, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ email: who.email, phone: PHONE, name: 'Somebody Else', message: 'Hi' }).toString(),
  });

const CALLS = ['identify', 'track', 'alias', 'group', 'page'] as const;

function tracked(who: Who, { visitor, what }: Act) {
  const call = CALLS[what % CALLS.length];
  const anonymousId = visitors[visitor % 2];
  const body = {
    writeKey: sdk.writeKey,
    messageId: crypto.randomUUID(),
    anonymousId,
    userId: who.userId,
    previousId: who.userId,
    groupId: 'g',
    traits: { email: who.email, phone: PHONE, name: 'Somebody Else' },
    event: 'Order Completed',
    properties: { order_id: '1', total: 999, currency: 'EUR', email: who.email },
  };
  const headers = { 'content-type': 'text/plain' };
  return deliver(worker, { url: `http://rapport.test/v1/${call}` }, { headers, body: JSON.stringify(body) });
}

const send = async (path: string, init: { method: string; headers: Record<string, string>; body: string }) => {
  const response = await worker.dispatchFetch(`http://rapport.test${path}`, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const posted = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', origin: 'null' },
  body: new URLSearchParams(fields).toString(),
});
/** The survey as a page of its own takes no names, and is asked by whoever likes. */
const survey = (who: Who) =>
  send(`/s/${site.key}`, posted({ _response: crypto.randomUUID(), nps: '0', why: `I am ${who.email}` }));
/** A link into the preference centre is asked for by an address. */
const asked = (who: Who) => send('/p', posted({ email: who.email }));
const confirm = (who: Who, { visitor, what }: Act) =>
  send(`/w/${site.key}/confirm`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({
      visitor: visitors[visitor % 2],
      email: who.email,
      ...(what % 2 === 1 && { code: String(what).padStart(6, '0') }),
    }),
  });

const WAYS = { widget, form: formPost, tracking: tracked, survey, asked, confirm };

async function act(who: Who, one: Act) {
  const { status, text, headers } = await WAYS[one.by](who, one);
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date').sort() };
}

const acts = fc.array(
  fc.record<Act>({
    by: fc.constantFrom('widget', 'widget', 'form', 'tracking', 'tracking', 'survey', 'asked', 'confirm'),
    visitor: fc.nat(1),
    what: fc.nat(9),
  }),
  { minLength: 3, maxLength: 12 },
);

type Shown = Record<string, unknown> & { suggestions: unknown };
/** All of a record but for what is suggested about it to staff: that somebody claims to be them is told, and is no change. */
async function recordOf(id: string): Promise<unknown> {
  const { suggestions: _told, ...record } = await callApi<Shown>(worker, `/customers/${id}`);
  const touchpoints = await callApi(worker, `/touchpoints?customer=${id}&limit=100`);
  return { record, touchpoints };
}

/**
 * Tables of the house, of which no row is about a person, how the index of all words is laid out, and what is suggested to staff:
 * that somebody claims to be somebody is told them, and of a crowd of claims the oldest alone.
 */
const HOUSE = ['source', 'log_cursor', 'job', 'meta', 'customer_search_data', 'customer_search_idx', 'suggestion'];
/** Every row there is of people. */
const rows = async (): Promise<string[]> =>
  (await dump(db)).filter((line) => !HOUSE.includes(line.split(':', 1)[0] ?? ''));

describe('strangers with public keys', () => {
  it(
    'change nobody, and cannot tell who is known',
    async () => {
      let turn = 0;
      await fc.assert(
        fc.asyncProperty(acts, async (sequence) => {
          const id = 880_000 + ++turn;
          const victim = { email: `victim${id}@strangers.example`, userId: `u-${id}` };
          const nobody = { email: `nobody${id}@strangers.example`, userId: `n-${id}` };
          await buy(id, victim.email);
          await assertUser(victim.userId, victim.email);
          const known = (await holdersOf(worker, `email:${victim.email}`))[0]?.id ?? '';
          visitors = [crypto.randomUUID(), crypto.randomUUID()];
          const [before, others] = [await recordOf(known), await rows()];
          for (const one of sequence) {
            const [ofKnown, ofNobody] = [await act(victim, one), await act(nobody, one)];
            expect(JSON.parse(JSON.stringify(ofKnown).replaceAll(victim.email, nobody.email))).toEqual(ofNobody);
          }
          expect(await recordOf(known)).toEqual(before);
          const after = new Set(await rows());
          expect(others.filter((row) => !after.has(row))).toEqual([]);
        }),
        { numRuns: runs(25) },
      );
    },
    patience(300_000),
  );
});
