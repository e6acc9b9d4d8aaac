import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { bundle, callApi } from '../support/worker.ts';
import { feedbackButton, openStaff, openStage, type Stage, seed, surveyDialog } from './stage.ts';

/** Pictures for the eye of a developer and for the README. Nothing here is a test. */
// Stands two folders below the root both here and where it is compiled to.
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = `${root}.build/screenshots/`;

const LOOKS = [
  { name: 'wide', width: 1280, height: 900 },
  { name: 'narrow', width: 390, height: 844 },
] as const;

type Shot = { readonly name: string; readonly path: string; readonly act?: (page: Page) => Promise<unknown> };

type Item = { readonly id: string; readonly name: string; readonly customerId: string };
const list = async (stage: Stage, path: string): Promise<readonly Item[]> =>
  (await callApi<{ items: Item[] }>(stage.worker, path)).items;

type Person = {
  readonly id: string;
  readonly displayName: string | null;
  readonly stats: { readonly touchpoints: number };
};
type Happening = { readonly kind: string; readonly text: string | null; readonly occurredAt: string };
/** So many touchpoints stand on the first screen of a record. */
const IN_SIGHT = 8;

/** How much of the product shows in the latest touchpoints: each kind once, and words that somebody said. */
async function varietyOf({ worker }: Stage, id: string): Promise<number> {
  const { items } = await callApi<{ items: Happening[] }>(worker, `/touchpoints?customer=${id}&limit=200`);
  const latest = items.sort((a, b) => b.occurredAt.localeCompare(a.occurredAt)).slice(0, IN_SIGHT);
  return new Set(latest.map(({ kind }) => kind)).size + latest.filter(({ text }) => text).length / 2;
}

/** The customer whose record has most to see. */
async function richRecord(stage: Stage): Promise<string> {
  const { items } = await callApi<{ items: Person[] }>(stage.worker, '/customers?orders=some&limit=200');
  // Letters that every machine has a font for.
  const busy = items.filter(
    ({ stats, displayName }) => stats.touchpoints >= IN_SIGHT && /^[\p{Script=Latin} ]+$/u.test(displayName ?? ''),
  );
  const rated = await Promise.all(busy.map(async ({ id }) => ({ id, variety: await varietyOf(stage, id) })));
  const [best] = rated.sort((a, b) => b.variety - a.variety);
  return `/customers/${best?.id}`;
}

const openWidget = async (page: Page) => {
  await feedbackButton(page).click();
  await surveyDialog(page).waitFor();
};

async function shotsOf(stage: Stage): Promise<readonly Shot[]> {
  const [waiting] = await list(stage, '/attention');
  const [touchpoint] = await list(stage, '/touchpoints?kind=survey_answered');
  const sources = await list(stage, '/sources');
  const shop = sources.find(({ name }) => name === 'Harbour & Hare shop');
  const shopPage = await (await stage.worker.dispatchFetch(`${stage.host}/demo`)).text();
  const survey = /\/s\/[\w-]+/.exec(shopPage)?.[0] ?? '/s/none';
  const buy = (page: Page) => page.getByRole('button', { name: 'Buy Quay teapot' }).click();
  const send = (page: Page) => page.locator('form button[type=submit]').click();
  return [
    { name: 'overview', path: '/' },
    { name: 'customers', path: '/customers' },
    { name: 'customers-found', path: '/customers?q=an&orders=some' },
    { name: 'customers-none', path: '/customers?q=nobody-of-this-name' },
    { name: 'record', path: await richRecord(stage) },
    { name: 'record-waiting', path: `/customers/${waiting?.customerId}` },
    { name: 'touchpoint', path: `/touchpoints/${touchpoint?.id}` },
    { name: 'sources', path: '/sources' },
    { name: 'source-choose', path: '/sources/new' },
    { name: 'source-new', path: '/sources/new?kind=shopify' },
    { name: 'source', path: `/sources/${shop?.id}` },
    { name: 'api', path: '/api' },
    { name: 'missing', path: '/no-such-page' },
    { name: 'demo', path: '/demo' },
    { name: 'demo-bought', path: '/demo', act: buy },
    { name: 'demo-widget', path: '/demo', act: openWidget },
    { name: 'survey', path: survey },
    { name: 'survey-arabic', path: `${survey}?lang=ar` },
    { name: 'survey-faulty', path: survey, act: send },
    { name: 'survey-thanks', path: `${survey}/thanks` },
  ];
}

async function openSeeded(): Promise<Stage> {
  bundle('development');
  const stage = await openStage();
  await seed(stage);
  return stage;
}

async function shoot(page: Page, { name, path, act }: Shot, label: string): Promise<void> {
  await page.goto(path, { waitUntil: 'networkidle' });
  await act?.(page);
  await page.waitForLoadState('networkidle');
  await page.screenshot({
    path: `${folder}${name}-${label}.png`,
    fullPage: act !== openWidget,
    animations: 'disabled',
  });
}

/** Every page in every look; the sign-in page comes last, since it needs nobody signed in. */
export async function takePictures(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const stage = await openSeeded();
  const shots = await shotsOf(stage);
  for (const { name, width, height } of LOOKS) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const label = `${name}-${colorScheme}`;
      const { page } = await openStaff(stage, { viewport: { width, height }, colorScheme });
      for (const shot of shots) await shoot(page, shot, label);
      await page.context().clearCookies();
      await shoot(page, { name: 'sign-in', path: '/sign-in' }, label);
      await page.context().close();
    }
  }
  await stage.close();
  console.log(`${(shots.length + 1) * LOOKS.length * 2} pictures in ${folder}`);
}

/** The picture of a record in the README. */
export async function takeRecord(): Promise<void> {
  mkdirSync(`${root}.github`, { recursive: true });
  const stage = await openSeeded();
  // A large screen, made as small as a README shows it: 1280 by 960.
  const screen = { viewport: { width: 1600, height: 1200 }, deviceScaleFactor: 0.8 };
  const { page } = await openStaff(stage, screen);
  await page.goto(await richRecord(stage), { waitUntil: 'networkidle' });
  const path = `${root}.github/record.png`;
  await page.screenshot({ path, animations: 'disabled' });
  await stage.close();
  console.log(`${path}: ${Math.round(statSync(path).size / 1024)} KB`);
}
