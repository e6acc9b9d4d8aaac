import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, shopifyDelivery } from '../support/shop.ts';
import { signIn } from '../support/staff.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** Consent as staff see it and note it: on the record, on its own page, and by the API. */
const worker = startWorker();
afterAll(() => worker.dispose());

const staff = await signIn(worker);
async function ask(path: string, form?: Record<string, string>) {
  const response = await staff.ask(path, form);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

let id = '';
beforeAll(async () => {
  const shop = await addSource(worker, 'shopify', { secret: 'pages' });
  const body = JSON.stringify({
    id: 7,
    email: 'mara@x.example',
    first_name: 'Mara',
    updated_at: '2026-03-01T10:00:00Z',
    email_marketing_consent: {
      state: 'subscribed',
      opt_in_level: 'single_opt_in',
      consent_updated_at: '2026-02-01T10:00:00Z',
    },
  });
  await deliver(worker, shop, shopifyDelivery('pages', 'customers/create', 'pages-1', body));
  id = (await holdersOf(worker, 'email:mara@x.example'))[0]?.id ?? '';
});

type Consent = { purpose: string; channel: string; granted: boolean; basis: string; source: string | null; at: string };
const standing = async () =>
  (await callApi<{ consent: Consent[] }>(worker, `/customers/${id}`)).consent.map(
    ({ purpose, channel, granted }) => `${purpose} ${channel} ${granted ? 'yes' : 'no'}`,
  );
type Answer = { ok: boolean; rule: string | null; why: string | null };
const may = (query: string) => callApi<Answer>(worker, `/customers/${id}/may-contact?${query}`);

describe('a word of theirs', () => {
  it('stands on the record, with how and when we know', async () => {
    const page = await ask(`/customers/${id}`);
    expect(page.text).toContain('1 February 2026, told by shopify');
    expect(await may('purpose=marketing&channel=email')).toEqual({ ok: true, rule: null, why: null });
  });

  it('is noted by staff with the day and how it can be shown, and stands over what the shop said', async () => {
    const form = {
      purpose: 'marketing',
      channel: 'all',
      state: 'denied',
      note: 'Rang on Monday',
      day: '2026-05-04',
      wording: '',
    };
    const saved = await ask(`/customers/${id}/consent`, form);
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `/customers/${id}/consent?done=saved`]);
    expect(await standing()).toHaveLength(6);
    expect(await may('purpose=marketing&channel=email')).toEqual({
      ok: false,
      rule: 'denied',
      why: 'they refused as staff noted on 2026-05-04',
    });
    expect((await ask(`/customers/${id}/consent`)).text).toContain('Note: Rang on Monday');
  });

  it('stands in the ledger once, however many ways it is about', async () => {
    const { text } = await ask(`/customers/${id}/consent`);
    const [, ledger = ''] = text.split('id="ledger"');
    expect(ledger.match(/Note: Rang on Monday/g)).toHaveLength(1);
    expect(ledger).toContain('Refused: Offers · E-mail, Text message');
    expect(ledger).toContain('Agreed: Offers · E-mail');
    const [, contact] = /href="(\/touchpoints\/[^"]+)">the contact that told/.exec(ledger) ?? [];
    expect((await ask(contact ?? '/none')).status).toBe(200);
  });

  it.each([
    ['without saying how it was said', { note: ' ', day: '' }],
    ['for a day that has not come', { note: 'By letter', day: '2999-01-01' }],
    ['for a day that is none', { note: 'By letter', day: 'yesterday' }],
  ])('is not noted %s', async (_, wrong) => {
    const before = await callApi(worker, `/customers/${id}/consents`);
    const answer = await ask(`/customers/${id}/consent`, {
      purpose: 'research',
      channel: 'email',
      state: 'granted',
      wording: '',
      ...wrong,
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('role="alert"');
    expect(await callApi(worker, `/customers/${id}/consents`)).toEqual(before);
  });

  it('comes by the API too, and everything that was ever said can be read page by page', async () => {
    await callApi(worker, `/customers/${id}/consents`, {
      method: 'POST',
      body: {
        consents: [{ purpose: 'marketing', channel: 'email', state: 'granted' }],
        note: 'Signed at the fair',
        wording: 'fair-1',
      },
    });
    expect(await standing()).toContain('marketing email yes');
    type Page = {
      items: { id: string; state: string; basis: string; wording: string | null; proof: object | null }[];
      nextCursor: string | null;
    };
    const all: Page['items'] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/customers/${id}/consents?limit=3${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: Page = await callApi<Page>(worker, path);
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(all).toHaveLength(8);
    expect(new Set(all.map((entry) => entry.id)).size).toBe(8);
    expect(all[0]).toMatchObject({
      state: 'granted',
      basis: 'staff',
      wording: 'fair-1',
      proof: { note: 'Signed at the fair' },
    });
  });
});

describe('the texts people are asked with', () => {
  const text = { version: 'news-1', language: 'en', purpose: 'marketing', text: 'Write to me.' };
  it('are kept by version and never changed', async () => {
    expect((await ask('/consent', text)).status).toBe(303);
    expect((await ask('/consent', text)).status).toBe(303);
    const other = await ask('/consent', { ...text, text: 'Write to me, and sell my address.' });
    expect(other.status).toBe(422);
    const { items } = await callApi<{ items: { text: string }[] }>(worker, '/wordings');
    expect(items.map((item) => item.text)).toEqual(['Write to me.']);
    await expect(callApi(worker, '/wordings', { method: 'POST', body: { ...text, text: 'Else' } })).rejects.toThrow(
      '422',
    );
  });
});

it('somebody who is not there has no consent', async () => {
  expect((await ask('/customers/nobody/consent')).status).toBe(404);
  await expect(callApi(worker, '/customers/nobody/consents')).rejects.toThrow('404');
});
