import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPage } from '../support/browser.ts';
import { callApi } from '../support/worker.ts';
import {
  addSource,
  answerSurvey,
  choose,
  feedbackButton,
  keptBy,
  type NewSource,
  NOTHING_KEPT,
  openStage,
  recorded,
  type Stage,
  snippet,
  strictCsp,
  surveyDialog,
} from './stage.ts';

let stage: Stage;
let source: NewSource;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());
beforeEach(async () => {
  source = await addSource(stage, { kind: 'site', name: 'Shop' });
});

async function visit(): Promise<Page> {
  const { page } = await openPage(stage.browser);
  await page.goto(stage.site.serve({ head: snippet(stage, source.key), csp: strictCsp(stage) }));
  return page;
}

const answers = () => recorded(stage, source.id, 'survey_answered');
/** Messages that the browser still keeps because the server has not taken them. */
const waiting = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes(':out:')).length);

type Record = {
  readonly id: string;
  readonly displayName: string | null;
  readonly identifiers: readonly { readonly kind: string; readonly value: string; readonly assurance: string }[];
  readonly suggestions: readonly { readonly customerId: string }[];
};
const readCustomer = (id: string) => callApi<Record>(stage.worker, `/customers/${id}`);

describe('a response', () => {
  it('given without a connection is recorded once, when the connection is back', async () => {
    const page = await visit();
    await feedbackButton(page).click();
    await surveyDialog(page).waitFor();
    await expect.poll(() => waiting(page)).toBe(0);
    await page.context().setOffline(true);
    await choose(page, 4);
    await surveyDialog(page).locator('textarea').fill('On a train');
    await surveyDialog(page).locator('button[type=submit]').click();
    await surveyDialog(page).locator('.rp-thanks').waitFor();
    expect(await waiting(page)).toBe(1);
    expect(await answers()).toEqual([]);
    await page.context().setOffline(false);
    await expect.poll(answers, { timeout: 5000 }).toMatchObject([{ score: 4, text: 'On a train' }]);
    await expect.poll(() => waiting(page)).toBe(0);
    expect(await answers()).toHaveLength(1);
    await page.context().close();
  });

  it('that could not be sent goes out from the next page, without a click', async () => {
    const page = await visit();
    await page.route('**/w/*/in', (route) => route.abort());
    await answerSurvey(page, 6, 'Closed at once');
    await page.unroute('**/w/*/in');
    expect(await answers()).toEqual([]);
    await page.goto(stage.site.serve({ head: snippet(stage, source.key) }));
    await expect.poll(answers, { timeout: 5000 }).toMatchObject([{ score: 6, text: 'Closed at once' }]);
    await page.context().close();
  });

  it('sent again because the reply was lost is recorded once', async () => {
    const page = await visit();
    const posted: string[] = [];
    await page.route('**/w/*/in', async (route) => {
      const body = route.request().postData() ?? '';
      const isFirst = !posted.includes(body);
      posted.push(body);
      const response = await route.fetch();
      await (isFirst ? route.abort() : route.fulfill({ response }));
    });
    await answerSurvey(page, 2, 'Twice told');
    await expect.poll(() => waiting(page), { timeout: 15_000 }).toBe(0);
    expect(posted.filter((body) => body.includes('survey_answered'))).toHaveLength(2);
    expect(await answers()).toMatchObject([{ score: 2, text: 'Twice told' }]);
    await page.context().close();
  });

  it('is refused aloud, and not for ever, when the server does not want it', async () => {
    const page = await visit();
    await page.evaluate(() =>
      document.addEventListener('rapport:error', (event) =>
        Object.assign(window, { refusal: (event as CustomEvent<{ status: number }>).detail.status }),
      ),
    );
    await page.route('**/w/*/in', (route) =>
      route.fulfill({ status: 422, headers: { 'access-control-allow-origin': '*' } }),
    );
    await answerSurvey(page, 2, '');
    await surveyDialog(page).locator('.rp-thanks .rp-error').waitFor();
    expect(await page.evaluate(() => (window as unknown as { refusal?: number }).refusal)).toBe(422);
    expect(await waiting(page)).toBe(0);
    await page.context().close();
  });

  it('half given survives a reload of the page', async () => {
    const page = await visit();
    await feedbackButton(page).click();
    await choose(page, 7);
    await surveyDialog(page).locator('textarea').pressSequentially('half');
    await page.reload();
    await feedbackButton(page).click();
    expect(await surveyDialog(page).locator('textarea').inputValue()).toBe('half');
    await surveyDialog(page).locator('button[type=submit]').click();
    await expect.poll(answers).toMatchObject([{ score: 7, text: 'half' }]);
    await page.context().close();
  });

  it('given twice is two responses of one visitor', async () => {
    const page = await visit();
    await answerSurvey(page, 3, 'first');
    await page.keyboard.press('Escape');
    await answerSurvey(page, 8, 'second');
    await expect.poll(answers).toMatchObject([{ text: 'second' }, { text: 'first' }]);
    expect(new Set((await answers()).map(({ customerId }) => customerId)).size).toBe(1);
    await page.context().close();
  });
});

describe('what the page says of its visitor', () => {
  it('is a claim on a record of its own, with a suggestion where somebody has that address, and never joins', async () => {
    const form = await addSource(stage, { kind: 'standard_webhooks', name: 'Server' });
    await callApi(stage.worker, `/sources/${form.id}/test`, { method: 'POST' });
    const [known] = await recorded(stage, form.id);
    const owner = await readCustomer(known?.customerId ?? '');
    const address = owner.identifiers.find(({ kind }) => kind === 'email')?.value ?? '';
    expect(address).toContain('@');

    const page = await visit();
    await feedbackButton(page).waitFor();
    await page.evaluate((email) => window.rapport?.('identify', 'u-1', { email, name: 'Mallory' }), address);
    await answerSurvey(page, 1, 'It is me, honest');
    await expect.poll(answers).toHaveLength(1);
    const [answer] = await answers();
    const claimant = await readCustomer(answer?.customerId ?? '');
    expect(claimant.id).not.toBe(owner.id);
    expect(claimant.identifiers).toContainEqual(
      expect.objectContaining({ kind: 'email', value: address, assurance: 'claimed' }),
    );
    expect(claimant.identifiers.every(({ assurance }) => assurance === 'claimed')).toBe(true);
    expect(claimant.suggestions).toContainEqual(expect.objectContaining({ customerId: owner.id }));
    expect(await readCustomer(owner.id)).toMatchObject({
      displayName: owner.displayName,
      identifiers: owner.identifiers,
    });
    await page.context().close();
  });

  it('is proven by the code that is mailed to the address, and so is what they send from then on', async () => {
    const page = await visit();
    await feedbackButton(page).waitFor();
    const email = 'nadia.haddad@example.com';
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      for (const name of ['code_asked', 'confirmed', 'confirm_failed'])
        window.rapport?.('on', name, ({ reason }: { reason?: string }) => told.push(reason ?? name));
    });
    const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
    await page.evaluate((email) => window.rapport?.('confirm', email), email);
    await expect.poll(told).toEqual(['code_asked']);
    // The minute's work sends it, should the nudge have been spent just before.
    await stage.worker.dispatchFetch(`${stage.host}/demo/cron`, { method: 'POST' });
    const codes = async () => /\b\d{6}\b/.exec(await (await fetch(`${stage.host}/demo/mail`)).text())?.[0];
    await expect.poll(codes, { timeout: 5000 }).toMatch(/^\d{6}$/);
    const code = (await codes()) ?? '';
    await page.evaluate((email) => window.rapport?.('confirm', email, { code: 'wrong' }), email);
    await expect.poll(told).toEqual(['code_asked', 'wrong_code']);
    await page.evaluate(([email, code]) => window.rapport?.('confirm', email, { code }), [email, code] as const);
    await expect.poll(told).toEqual(['code_asked', 'wrong_code', 'confirmed']);
    await answerSurvey(page, 4, '');
    await expect.poll(answers).toHaveLength(1);
    const [answer] = await answers();
    const person = await readCustomer(answer?.customerId ?? '');
    expect(person.identifiers).toContainEqual(
      expect.objectContaining({ kind: 'email', value: email, assurance: 'verified' }),
    );
    await page.context().close();
  });

  it('is forgotten with reset, and kept beyond the session only with consent', async () => {
    const page = await visit();
    await answerSurvey(page, 5, '');
    await page.keyboard.press('Escape');
    await expect.poll(() => waiting(page)).toBe(0);
    expect(await keptBy(page)).toMatchObject({ local: [], cookies: [] });
    await page.evaluate(() => {
      window.rapport?.('consent', 'granted');
      window.rapport?.('page');
    });
    await expect.poll(() => keptBy(page)).toMatchObject({ local: [`rapport:${source.key}:visitor`] });
    await page.evaluate(() => window.rapport?.('reset'));
    const { key } = source;
    await expect.poll(() => keptBy(page)).toEqual({ ...NOTHING_KEPT, session: [`rapport:${key}:seen`] });
    await page.context().close();
  });
});
