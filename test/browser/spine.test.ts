import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInTicket } from '../../worker/staff/session.ts';
import { openPage } from '../support/browser.ts';
import { signStandardWebhooks } from '../support/sign.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';
import { answerSurvey, openStage, type Stage, seed } from './stage.ts';

/** The main job, as a visitor and as staff do it, in two browsers that know nothing of each other. */
let stage: Stage;
let visitor: Page;
let staff: Page;
let faults: string[];

beforeAll(async () => {
  stage = await openStage();
  await seed(stage);
  const baseURL = stage.host;
  const visiting = await openPage(stage.browser, { baseURL });
  const working = await openPage(stage.browser, { baseURL });
  [visitor, staff] = [visiting.page, working.page];
  faults = working.faults;
});
afterAll(() => stage?.close());

const openLatest = async (words: RegExp) => {
  await staff.goto('/');
  await staff.getByRole('region', { name: 'Latest touchpoints' }).getByRole('link', { name: words }).first().click();
};

/** Sends an event as a sender would, from outside. */
async function deliver(url: string, secret: string): Promise<number> {
  const event = {
    type: 'order.placed',
    timestamp: '2026-03-01T10:00:00Z',
    data: {
      id: 'o-1',
      amount: '12.00',
      currency: 'EUR',
      customer: { email: 'zelda@planted.example', name: 'Zelda Quill' },
    },
  };
  const signed = signStandardWebhooks(JSON.stringify(event), { secret, now: Date.now(), id: 'msg_spine' });
  const response = await stage.worker.dispatchFetch(url, {
    method: 'POST',
    body: signed.body,
    headers: signed.headers,
  });
  return response.status;
}

describe('staff', () => {
  it('are led to the sign-in page, and a link with a ticket signs them in', async () => {
    await staff.goto('/customers');
    expect(new URL(staff.url()).pathname).toBe('/sign-in');
    const ticket = await signInTicket(ADMIN_TOKEN, Date.now() + 60_000);
    await staff.goto(`/sign-in?ticket=${ticket}`);
    expect(new URL(staff.url()).pathname).toBe('/');
    await staff.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const cookies = await staff.context().cookies();
    expect(cookies).toMatchObject([{ name: '__Host-rapport', httpOnly: true, secure: true, sameSite: 'Lax' }]);
  });

  it('are not signed in by a ticket that has expired or was made with another token', async () => {
    const { page } = await openPage(stage.browser, { baseURL: stage.host });
    for (const ticket of [
      await signInTicket(ADMIN_TOKEN, Date.now() - 1),
      await signInTicket('not-the-token-of-here', Date.now() + 60_000),
    ]) {
      await page.goto(`/sign-in?ticket=${ticket}`);
      await page.getByRole('alert').waitFor();
    }
    expect(await page.context().cookies()).toEqual([]);
    await page.context().close();
  });
});

describe('what a visitor does in the shop', () => {
  it('answers the survey of the widget: the answer is on a record', async () => {
    await visitor.goto('/demo');
    await answerSurvey(visitor, 9, 'The lid fits at last');
    await expect
      .poll(async () => {
        await staff.goto('/');
        return staff.getByText('9 of 10').first().isVisible();
      })
      .toBe(true);
    await openLatest(/9 of 10/);
    expect(await staff.locator('blockquote').first().innerText()).toContain('The lid fits at last');
  });

  it('buys: the order is on the record with its money, and revenue counts it', async () => {
    await visitor.goto('/demo');
    await visitor.getByLabel('Your name').fill('Wilhelmina Żółć');
    await visitor.getByLabel('Your e-mail address').fill('wilhelmina@planted.example');
    await visitor.getByRole('button', { name: 'Buy Quay teapot' }).click();
    await visitor.getByRole('status', { name: 'Your order' }).waitFor();
    const number = /Order (#?\S+)/.exec(await visitor.locator('.notice').first().innerText())?.[1] ?? 'none';
    await staff.goto('/customers?q=wilhelmina@planted.example');
    await staff.getByRole('link', { name: 'Wilhelmina Żółć' }).click();
    const orders = staff.getByRole('region', { name: 'Orders' });
    expect(await orders.innerText()).toMatch(new RegExp(`${number}[\\s\\S]*€54\\.00[\\s\\S]*Quay teapot`));
    expect(await staff.locator('.numbers').innerText()).toMatch(/Orders\s+1\s+Revenue\s+€54\.00/);
  });

  it('is refunded: the money is taken off the record', async () => {
    await visitor.getByRole('button', { name: 'Refund it' }).click();
    await visitor.getByText('was refunded').waitFor();
    await staff.reload();
    expect(await staff.getByRole('region', { name: 'Orders' }).innerText()).toContain('€54.00 refunded');
    expect(await staff.locator('.numbers').innerText()).toMatch(/Revenue\s+€0\.00/);
  });

  it('writes by the contact form: the message is on a record of its own, its address is a claim', async () => {
    await visitor.goto('/demo');
    const form = visitor.locator('form.contact');
    await form.getByLabel('Name').fill('Somebody');
    await form.getByLabel('E-mail address').fill('wilhelmina@planted.example');
    await form.getByLabel('Message').fill('Is the green one still to be had?');
    await form.getByRole('button', { name: 'Send' }).click();
    await visitor.getByText('your message has arrived').waitFor();
    await staff.goto('/customers?q=Somebody');
    await staff.getByRole('link', { name: 'Somebody', exact: true }).click();
    expect(await staff.locator('blockquote').first().innerText()).toContain('Is the green one still to be had?');
    expect(await staff.getByRole('region', { name: 'Who this is' }).innerText()).toContain(
      'says: wilhelmina@planted.example',
    );
    expect(await staff.getByRole('region', { name: 'Same person?' }).innerText()).toContain('Wilhelmina Żółć');
  });

  it('answers the hosted survey without scripts', async () => {
    const { page } = await openPage(stage.browser, { baseURL: stage.host, javaScriptEnabled: false });
    await page.goto('/demo');
    await page.getByRole('link', { name: 'The survey after a delivery' }).click();
    await page.locator('button[type=submit]').click();
    await page.getByRole('alert').waitFor();
    await page.locator('label', { has: page.locator('input[name=csat][value="4"]') }).click();
    await page.locator('textarea').fill('Came by boat');
    await page.locator('button[type=submit]').click();
    await page.waitForURL('**/thanks?*');
    await openLatest(/4 of 5/);
    expect(await staff.locator('blockquote').first().innerText()).toContain('Came by boat');
    await page.context().close();
  });
});

describe('staff at work', () => {
  it('find a customer by a part of the name in any letter case', async () => {
    await staff.goto('/customers');
    await staff.keyboard.press('/');
    await staff.keyboard.type('ina ŻÓŁ');
    await staff.keyboard.press('Enter');
    await staff.waitForURL('**/customers?q=*');
    expect(await staff.getByRole('row').allInnerTexts()).toEqual([
      expect.stringContaining('Name'),
      expect.stringContaining('Wilhelmina Żółć'),
    ]);
  });

  it('log a call on the record, once even when the form is sent twice', async () => {
    await staff.goto('/customers?q=wilhelmina@planted.example');
    await staff.getByRole('link', { name: 'Wilhelmina Żółć' }).click();
    const form = staff.getByRole('form', { name: 'Log a contact' });
    await form.locator('label', { hasText: 'Call' }).click();
    await form.getByLabel('What was said').fill('Asked about the lid');
    const fields = await form.evaluate((element) =>
      [...new FormData(element as HTMLFormElement)].map(([name, value]) => [name, String(value)]),
    );
    await form.getByRole('button', { name: 'Save to the record' }).click();
    await staff.getByText('Saved to the record.').waitFor();
    await staff.evaluate(
      (sent) =>
        fetch(`${location.pathname}/log`, { method: 'POST', body: new URLSearchParams(sent) }).then(
          ({ status }) => status,
        ),
      fields,
    );
    await staff.reload();
    expect(await staff.getByText('Asked about the lid').count()).toBe(1);
  });

  it('add a source that turns live by itself when its first event comes', async () => {
    await staff.goto('/sources');
    await staff.getByRole('link', { name: 'Add a source' }).click();
    await staff.getByRole('link', { name: 'Standard Webhooks' }).first().click();
    await staff.getByLabel('Name').fill('Our own server');
    await staff.getByRole('button', { name: /^Add / }).click();
    await staff.getByText('Waiting for the first event').waitFor();
    const secret = await staff.getByRole('region', { name: 'Your signing secret' }).locator('pre').innerText();
    const url = await staff.locator('pre', { hasText: '/in/' }).innerText();
    expect(await deliver(url, secret)).toBe(200);
    await staff.locator('.standing-live').waitFor();
    await expect.poll(() => staff.locator('[data-announce]').textContent()).toContain('Live');
    expect(await staff.getByRole('region', { name: 'Latest deliveries' }).innerText()).toContain('Accepted');
    await staff.reload();
    expect(await staff.locator('body').innerText()).not.toContain(secret);
  });

  it('replay a delivery, which changes nothing that was there', async () => {
    const before = (await callApi<{ items: { stats: object }[] }>(stage.worker, '/customers?q=zelda@planted.example'))
      .items;
    expect(before).toHaveLength(1);
    await staff
      .getByRole('button', { name: /^Replay/ })
      .first()
      .click();
    await staff.getByText('everything in it had been stored before').waitFor();
    const { items } = await callApi<{ items: object[] }>(stage.worker, '/customers?q=zelda@planted.example');
    expect(items).toEqual(before);
  });

  it('send a test event through the real path', async () => {
    await staff.getByRole('button', { name: 'Send a test event' }).click();
    await staff.getByText('The test event went through').waitFor();
  });

  it('sign out, and the way back is shut, also for the cookie of before', async () => {
    const [cookie] = await staff.context().cookies();
    await staff.getByRole('button', { name: 'Sign out' }).click();
    await staff.getByLabel('Admin token').waitFor();
    if (cookie) await staff.context().addCookies([cookie]);
    await staff.goto('/customers');
    expect(new URL(staff.url()).pathname).toBe('/sign-in');
    expect(faults).toEqual([]);
  });
});
