import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES } from '../../schema/survey.ts';
import { pageCatalogues } from '../../widgets/locales/pages/catalogues.ts';
import { axeViolations, openPage } from '../support/browser.ts';
import { callApi } from '../support/worker.ts';
import { openStage, type Stage, seed } from './stage.ts';

/** The preference centre in a browser: in each language, with no script at all, for keyboard and narrow screens. */
let stage: Stage;
let people: { id: string; email: string }[];

type Identified = { readonly identifiers: readonly { kind: string; value: string; assurance: string }[] };

beforeAll(async () => {
  stage = await openStage();
  await seed(stage);
  const { items } = await callApi<{ items: { id: string }[] }>(stage.worker, '/customers?orders=some&limit=40');
  const read = items.map(async ({ id }) => {
    const { identifiers } = await callApi<Identified>(stage.worker, `/customers/${id}`);
    const email = identifiers.find(({ kind, assurance }) => kind === 'email' && assurance !== 'claimed')?.value;
    return email ? [{ id, email }] : [];
  });
  people = (await Promise.all(read)).flat();
}, 60_000);
afterAll(() => stage?.close());

const link = async (id: string): Promise<string> =>
  (
    await callApi<{ url: string }>(stage.worker, `/customers/${id}/preference-link`, { method: 'POST', body: {} })
  ).url.replace(/^http:\/\/[^/]+/, stage.host);

/** The nth person, each of a test’s own. */
const personOf = (index: number): { id: string; email: string } => {
  const person = people[index];
  if (!person) throw new Error('the demo has too few people with an address');
  return person;
};

const hasOverflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe.each(LOCALES.map((locale, index) => ({ locale, index })))(
  'in $locale, without JavaScript',
  ({ locale, index }) => {
    const words = pageCatalogues[locale];
    const said = (key: string): string => words[key] ?? key;

    it('somebody asks for a link, gets it by mail, opens it, chooses, and is erased', async () => {
      const { email } = personOf(index);
      const { page, faults } = await openPage(stage.browser, {
        javaScriptEnabled: false,
        locale,
        viewport: { width: 320, height: 700 },
      });
      await page.goto(`${stage.host}/p`);
      await page.getByLabel(said('ask.email')).fill(email);
      await page.getByRole('button', { name: said('ask.send') }).click();
      await page.getByRole('heading', { name: said('asked.title') }).waitFor();
      await stage.worker.dispatchFetch(`${stage.host}/demo/cron`, { method: 'POST' });
      await page.goto(`${stage.host}/demo/mail`);
      const path = await page
        .locator('article', { hasText: email })
        .locator('a[href*="/p/"]')
        .first()
        .getAttribute('href');
      await page.goto(`${stage.host}${new URL(path ?? '').pathname}`);
      await page.getByRole('button', { name: said('open.go') }).click();
      await page.getByText(email).first().waitFor();
      expect(await page.getAttribute('html', 'dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
      expect(await hasOverflow(page)).toBe(false);
      const offers = page.getByRole('group', { name: said('purpose.marketing') }).getByLabel(said('channel.email'));
      const wasTicked = await offers.isChecked();
      await offers.setChecked(!wasTicked);
      await page.getByRole('button', { name: said('consent.save') }).click();
      await page
        .getByRole('status')
        .filter({ hasText: said('consent.saved') })
        .waitFor();
      expect(await offers.isChecked()).toBe(!wasTicked);
      await page.getByRole('button', { name: said('all.go') }).click();
      await page
        .getByRole('status')
        .filter({ hasText: said('all.done') })
        .waitFor();
      expect(await offers.isChecked()).toBe(false);
      await page.getByRole('link', { name: said('erase.go') }).click();
      await page.getByRole('link', { name: said('sure.no') }).click();
      await page.getByRole('link', { name: said('erase.go') }).click();
      await page.getByRole('button', { name: said('sure.yes') }).click();
      await page.getByRole('heading', { name: said('erased.title') }).waitFor();
      await page.goto(`${stage.host}/p/me`);
      await page.getByRole('heading', { name: said('dead.title') }).waitFor();
      expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
      await page.context().close();
    });

    it('nothing is wrong with its pages in either theme', async () => {
      const { page } = await openPage(stage.browser, { locale });
      const found: string[] = [];
      const look = async (name: string) => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          found.push(...(await axeViolations(page)).map((line) => `${name} ${colorScheme}: ${line}`));
        }
      };
      await page.goto(`${stage.host}/p`);
      await look('ask');
      await page.getByRole('button', { name: said('ask.send') }).click();
      await page.getByRole('alert').waitFor();
      await look('fault');
      await page.goto(await link(personOf(index + LOCALES.length).id));
      await look('open');
      await page.getByRole('button', { name: said('open.go') }).click();
      await page.waitForURL('**/p/me**');
      await look('centre');
      await page.goto(`${stage.host}/p/me/erase`);
      await look('sure');
      await page.goto(`${stage.host}/p/nothing`);
      await look('dead');
      expect(found).toEqual([]);
      await page.context().close();
    });
  },
);

it('what a stranger wrote into their own name stays text on their page', async () => {
  const { id, email } = personOf(12);
  const { page, faults } = await openPage(stage.browser);
  const plant = '<img src=x onerror=alert(1)>';
  await callApi(stage.worker, '/mail-settings', {
    method: 'PATCH',
    body: { businessName: plant, businessContact: plant },
  });
  await stage.worker.dispatchFetch(`${stage.host}/demo/buy`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: stage.host },
    body: new URLSearchParams({ sku: 'POT-1', name: plant, email }),
  });
  await page.goto(await link(id));
  await page.getByRole('button').first().click();
  await page.waitForURL('**/p/me**');
  expect(await page.getByText(plant).count()).toBeGreaterThan(0);
  expect(await page.getByRole('definition').filter({ hasText: plant }).count()).toBe(1);
  expect(faults).toEqual([]);
  await page.context().close();
});
