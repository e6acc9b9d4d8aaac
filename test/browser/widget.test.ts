import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ar from '../../widgets/locales/ar.json';
import bg from '../../widgets/locales/bg.json';
import en from '../../widgets/locales/en.json';
import pl from '../../widgets/locales/pl.json';
import zhHans from '../../widgets/locales/zh-Hans.json';
import { type Faults, openPage } from '../support/browser.ts';
import type { SitePage } from '../support/site.ts';
import {
  addSource,
  answerSurvey,
  choose,
  feedbackButton,
  keptBy,
  loaderUrl,
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

type Visit = { readonly page: Page; readonly faults: Faults };

/** A visitor on a page of the site's owner, under the strict policy unless the page says otherwise. */
async function visit(part: SitePage = {}, options: Parameters<typeof openPage>[1] = {}): Promise<Visit> {
  const watched = await openPage(stage.browser, options);
  await watched.page.goto(stage.site.serve({ head: snippet(stage, source.key), csp: strictCsp(stage), ...part }));
  return watched;
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const outer = document.activeElement;
    const inner = outer?.shadowRoot?.activeElement ?? outer;
    return inner instanceof HTMLInputElement ? `${inner.type} ${inner.value}` : (inner?.tagName.toLowerCase() ?? null);
  });

describe("the widget on somebody else's page", () => {
  it('asks and records under a policy of our address alone, without nonce or inline style', async () => {
    const { page, faults } = await visit();
    await answerSurvey(page, 9, 'Quick delivery');
    await expect
      .poll(() => recorded(stage, source.id, 'survey_answered'))
      .toMatchObject([{ score: 9, text: 'Quick delivery' }]);
    expect(faults).toEqual([]);
    expect(stage.site.reports).toEqual([]);
    await page.context().close();
  });

  it('stores nothing and asks for nothing but its script before the visitor acts', async () => {
    const { page } = await openPage(stage.browser);
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const address = stage.site.serve({ head: snippet(stage, source.key), csp: strictCsp(stage) });
    await page.goto(address, { waitUntil: 'networkidle' });
    await feedbackButton(page).waitFor();
    expect(requests.sort()).toEqual([`${stage.site.origin}/style.css`, address, loaderUrl(stage, source.key)].sort());
    expect(await keptBy(page)).toEqual(NOTHING_KEPT);
    expect(await recorded(stage, source.id)).toEqual([]);
    await page.context().close();
  });

  it.each<[string, (url: string) => SitePage]>([
    ['once, async', (url) => ({ head: `<script async src="${url}"></script>` })],
    ['in <head>, before there is a body', (url) => ({ head: `<script src="${url}"></script>` })],
    ['twice', (url) => ({ head: `<script src="${url}"></script><script async src="${url}"></script>` })],
    [
      'by a tag manager',
      (url) => ({
        csp: '',
        body: `<script>const s = document.createElement('script'); s.src = '${url}'; document.head.append(s)</script>`,
      }),
    ],
    [
      'with calls waiting in the stub',
      (url) => ({
        csp: '',
        head: `<script>window.rapport = function () { (rapport.q = rapport.q || []).push(arguments) }; rapport('page')</script><script async src="${url}"></script>`,
      }),
    ],
  ])('shows one button that opens the survey when its script stands in the page %s', async (_how, part) => {
    const { page, faults } = await visit(part(loaderUrl(stage, source.key)));
    await feedbackButton(page).click();
    await surveyDialog(page).waitFor();
    expect(await page.locator('rapport-widget').count()).toBe(1);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('comes back after the page swaps its body, and keeps the survey that was open', async () => {
    const { page } = await visit();
    await feedbackButton(page).click();
    await choose(page, 7);
    await page.evaluate(() => {
      document.body = document.createElement('body');
    });
    await surveyDialog(page).locator('textarea').waitFor();
    await page.evaluate(() => document.body.replaceChildren());
    await surveyDialog(page).locator('textarea').waitFor();
    expect(await page.locator('rapport-widget').count()).toBe(1);
    await page.context().close();
  });

  it('is used by keyboard alone: Tab, Enter, 1 0, Enter, Escape, and the focus comes back', async () => {
    const { page } = await visit();
    await feedbackButton(page).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('button');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('radio 0');
    await page.keyboard.press('1');
    expect(await focused(page)).toBe('radio 1');
    await page.keyboard.press('0');
    expect(await focused(page)).toBe('radio 10');
    expect(await surveyDialog(page).locator(':checked').inputValue()).toBe('10');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('textarea');
    await page.keyboard.type('All by hand');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await surveyDialog(page).locator('.rp-thanks').waitFor();
    expect(await focused(page)).toBe('button');
    await page.keyboard.press('Escape');
    await expect.poll(() => surveyDialog(page).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('RAPPORT-WIDGET');
    await expect
      .poll(() => recorded(stage, source.id, 'survey_answered'))
      .toMatchObject([{ score: 10, text: 'All by hand' }]);
    await page.context().close();
  });

  it('says each step and each fault in a live region that was there before', async () => {
    const { page } = await visit();
    await feedbackButton(page).click();
    const status = page.locator('rapport-widget').getByRole('status');
    await expect.poll(() => status.textContent()).toContain('1');
    await surveyDialog(page).locator('button[type=submit]').click();
    await expect.poll(() => status.textContent()).toBe(await surveyDialog(page).locator('.rp-error').textContent());
    await choose(page, 3);
    await expect.poll(() => status.textContent()).toContain('2');
    await surveyDialog(page).locator('button[type=submit]').click();
    await expect.poll(() => status.textContent()).toContain('Thank');
    await page.context().close();
  });

  it('tells the page what happens: shown, answered, completed, dismissed', async () => {
    const { page } = await visit();
    await feedbackButton(page).waitFor();
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      for (const name of ['shown', 'answered', 'completed', 'dismissed', 'error'])
        document.addEventListener(`rapport:${name}`, (event) => {
          const { key, question } = (event as CustomEvent<{ key: string; question?: string }>).detail;
          told.push([name, key, question].filter((part) => part !== undefined).join(' '));
        });
    });
    await page.evaluate(() => window.rapport?.('open'));
    await choose(page, 5);
    await surveyDialog(page).locator('button[type=submit]').click();
    await surveyDialog(page).locator('.rp-thanks').waitFor();
    await page.evaluate(() => window.rapport?.('close'));
    await page.evaluate(() => window.rapport?.('open'));
    await surveyDialog(page).waitFor();
    await page.evaluate(() => window.rapport?.('close'));
    const { key } = source;
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told))
      .toEqual([`shown ${key}`, `answered ${key} nps`, `completed ${key}`, `shown ${key}`, `dismissed ${key}`]);
    await page.context().close();
  });

  it('tells the page with rapport:error when a policy keeps its survey out, and goes on working', async () => {
    const { page } = await visit({ csp: `default-src 'none'; script-src ${stage.host}/w/; connect-src ${stage.host}` });
    await feedbackButton(page).waitFor();
    await page.evaluate(() =>
      document.addEventListener('rapport:error', (event) =>
        Object.assign(window, { reason: (event as CustomEvent<{ reason: string }>).detail.reason }),
      ),
    );
    await feedbackButton(page).click();
    await page.waitForFunction(() => (window as unknown as { reason?: string }).reason === 'load');
    expect(await feedbackButton(page).isVisible()).toBe(true);
    await page.context().close();
    stage.site.reports.length = 0;
  });
});

describe('the widget in every dress', () => {
  it.each([
    ['en', 'ltr', en],
    ['zh-CN', 'ltr', zhHans],
    ['bg', 'ltr', bg],
    ['pl', 'ltr', pl],
    ['ar', 'rtl', ar],
  ])('speaks the language of a page in %s, %s, on 320 pixels without sideways scrolling', async (lang, dir, words) => {
    const { page, faults } = await visit({ html: `lang="${lang}"` }, { viewport: { width: 320, height: 568 } });
    expect(await feedbackButton(page).textContent()).toBe(words.button);
    await feedbackButton(page).click();
    expect(await surveyDialog(page).locator('legend').textContent()).toBe(words['nps.question']);
    const look = await surveyDialog(page).evaluate((dialog) => {
      const { left, right } = dialog.getBoundingClientRect();
      return {
        dir: getComputedStyle(dialog).direction,
        isInside: left >= 0 && right <= innerWidth,
        isWider: dialog.scrollWidth > dialog.clientWidth || document.documentElement.scrollWidth > innerWidth,
      };
    });
    expect(look).toEqual({ dir, isInside: true, isWider: false });
    await choose(page, 8);
    await surveyDialog(page).locator('textarea').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('follows the colours of the visitor, dark and light', async () => {
    const shades = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await visit({}, { colorScheme });
      await feedbackButton(page).click();
      shades.push(await surveyDialog(page).evaluate((dialog) => getComputedStyle(dialog).backgroundColor));
      await page.context().close();
    }
    const [light = 0, dark = 255] = shades.map((shade) => Number(/\d+/.exec(shade)?.[0]));
    expect(light).toBeGreaterThan(200);
    expect(dark).toBeLessThan(80);
  });

  it('holds still for who wants less motion', async () => {
    const { page } = await visit({}, { reducedMotion: 'reduce' });
    await feedbackButton(page).click();
    await surveyDialog(page).waitFor();
    const moving = await surveyDialog(page).evaluate((dialog) =>
      [dialog, ...dialog.querySelectorAll('*')]
        .filter((element) =>
          getComputedStyle(element)
            .transitionDuration.split(', ')
            .concat(getComputedStyle(element).animationDuration.split(', '))
            .some((duration) => Number.parseFloat(duration) > 0.01),
        )
        .map((element) => element.outerHTML),
    );
    expect(moving).toEqual([]);
    await page.context().close();
  });
});
