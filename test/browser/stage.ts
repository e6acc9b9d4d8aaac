import type { Browser, Locator, Page } from 'playwright-core';
import { type Faults, launchBrowser, openPage } from '../support/browser.ts';
import { type Site, startSite } from '../support/site.ts';
import { ADMIN_TOKEN, callApi, startWorker } from '../support/worker.ts';

/** What every browser test plays on: the development bundle, a browser, and a site owner's server of another origin. */
export type Stage = {
  readonly worker: ReturnType<typeof startWorker>;
  /** Origin of the worker. */
  readonly host: string;
  readonly browser: Browser;
  readonly site: Site;
  close(): Promise<void>;
};

export async function openStage(): Promise<Stage> {
  const worker = startWorker({ build: 'development' });
  const [url, browser, site] = await Promise.all([worker.ready, launchBrowser(), startSite()]);
  const close = async () => {
    await browser.close();
    await Promise.all([site.close(), worker.dispose()]);
  };
  return { worker, host: url.origin, browser, site, close };
}

/** Fills the business with a year of made-up customers. */
export async function seed({ worker, host }: Stage): Promise<void> {
  const response = await worker.dispatchFetch(`${host}/demo/seed?force=1`, { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw new Error(`The demo was not seeded: ${response.status} ${text}`);
}

export type NewSource = { readonly id: string; readonly key: string; readonly secret: string | null };

export const addSource = ({ worker }: Stage, source: Record<string, unknown>): Promise<NewSource> =>
  callApi<NewSource>(worker, '/sources', { method: 'POST', body: source });

export type Touchpoint = {
  readonly id: string;
  readonly customerId: string;
  readonly messageId: string;
  readonly kind: string;
  readonly score: number | null;
  readonly text: string | null;
};

/** What the record has of one source, latest first. */
export async function recorded(stage: Stage, source: string, kind?: string): Promise<readonly Touchpoint[]> {
  const query = new URLSearchParams({ source, ...(kind && { kind }) });
  return (await callApi<{ items: Touchpoint[] }>(stage.worker, `/touchpoints?${query}`)).items;
}

export const loaderUrl = ({ host }: Stage, key: string): string => `${host}/w/${key}.js`;
export const snippet = (stage: Stage, key: string): string => `<script async src="${loaderUrl(stage, key)}"></script>`;

/** The policy of a careful site owner: our address for scripts and connections, styles of their own, nothing else. */
export const strictCsp = ({ host }: Stage): string =>
  `default-src 'none'; script-src ${host}; style-src 'self'; connect-src ${host}`;

/** What the browser keeps for the page's origin. */
export async function keptBy(page: Page): Promise<unknown> {
  const stores = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: 'caches' in window ? await caches.keys() : [],
  }));
  return { ...stores, cookies: (await page.context().cookies()).map(({ name }) => name) };
}
export const NOTHING_KEPT = { local: [], session: [], databases: [], caches: [], cookies: [] };

export const feedbackButton = (page: Page): Locator => page.locator('rapport-widget button[aria-haspopup=dialog]');
export const surveyDialog = (page: Page): Locator => page.locator('rapport-widget').getByRole('dialog');

/** Chooses a score and goes on; the visitor's own way, by mouse. */
export async function choose(page: Page, score: number): Promise<void> {
  await surveyDialog(page)
    .locator('label', { has: page.locator(`input[value="${score}"]`) })
    .click();
  await surveyDialog(page).locator('button[type=submit]').click();
}

/** Answers NPS and why. */
export async function answerSurvey(page: Page, score: number, why: string): Promise<void> {
  await feedbackButton(page).click();
  await choose(page, score);
  await surveyDialog(page).locator('textarea').fill(why);
  await surveyDialog(page).locator('button[type=submit]').click();
  await surveyDialog(page).locator('.rp-thanks').waitFor();
}

/** A page with a staff session, made as people make it: by the form. */
export async function openStaff(
  { browser, host }: Stage,
  options: Parameters<typeof openPage>[1] = {},
): Promise<{ page: Page; faults: Faults }> {
  const watched = await openPage(browser, { ...options, baseURL: host });
  await watched.page.goto('/sign-in');
  await watched.page.getByLabel('Admin token').fill(ADMIN_TOKEN);
  await watched.page.getByRole('button', { name: 'Sign in' }).click();
  await watched.page.getByRole('navigation', { name: 'Main' }).waitFor();
  return watched;
}
