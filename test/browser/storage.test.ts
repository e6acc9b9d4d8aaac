import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORED } from '../../widgets/embed/stored.ts';
import { axeViolations, openPage } from '../support/browser.ts';
import {
  addSource,
  answerSurvey,
  feedbackButton,
  type NewSource,
  openStage,
  type Stage,
  snippet,
  strictCsp,
  surveyDialog,
} from './stage.ts';

/** What the widget says that it keeps in a browser, held against what it does keep. */
let stage: Stage;
let source: NewSource;
beforeAll(async () => {
  stage = await openStage();
  source = await addSource(stage, { kind: 'site', name: 'Shop' });
});
afterAll(() => stage?.close());

declare global {
  interface Window {
    written: string[];
  }
}

/** A visitor whose every write to storage is noted, by place and name. */
async function watched(): Promise<Page> {
  const { page } = await openPage(stage.browser);
  await page.addInitScript(() => {
    window.written = [];
    const write = Storage.prototype.setItem;
    Storage.prototype.setItem = function (name: string, value: string) {
      window.written.push(`${this === window.localStorage ? 'local' : 'session'} ${name}`);
      write.call(this, name, value);
    };
  });
  await page.goto(stage.site.serve({ head: snippet(stage, source.key), csp: strictCsp(stage) }));
  return page;
}
const writtenBy = async (page: Page): Promise<string[]> =>
  [...new Set((await page.evaluate(() => window.written)).map((line) => line.replace(/(:out:).*/, '$1')))].sort();
const declared = (needsConsent: boolean): string[] =>
  STORED.filter((stored) => needsConsent || !stored.needsConsent)
    .map(({ place, name }) => `${place} rapport:${source.key}:${name}`)
    .sort();

describe('what is kept in the browser of a visitor', () => {
  it('is what the declaration says, and all of it', async () => {
    const page = await watched();
    expect(await writtenBy(page)).toEqual([]);
    await answerSurvey(page, 8, 'Fine');
    expect(await writtenBy(page)).toEqual(declared(false));
    expect(await page.context().cookies()).toEqual([]);
    await page.context().close();
  });

  it('is one thing more once the page has said that they agreed', async () => {
    const page = await watched();
    await page.evaluate(() =>
      (window as unknown as { rapport(...rest: string[]): void }).rapport('consent', 'granted'),
    );
    await answerSurvey(page, 8, 'Fine');
    expect(await writtenBy(page)).toEqual(declared(true));
    await page.context().close();
  });

  it('is gone from local storage when they take that back', async () => {
    const page = await watched();
    const say = (choice: string) =>
      page.evaluate(
        (word) => (window as unknown as { rapport(...rest: string[]): void }).rapport('consent', word),
        choice,
      );
    await say('granted');
    await feedbackButton(page).click();
    await surveyDialog(page).waitFor();
    await say('denied');
    expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.endsWith(':visitor')))).toEqual(
      [],
    );
    await page.context().close();
  });
});

describe('the statement for visitors', () => {
  it.each(['en', 'zh-Hans', 'bg', 'pl', 'ar'])('tells all of it without a script, in %s', async (locale) => {
    const { page } = await openPage(stage.browser, { javaScriptEnabled: false });
    await page.goto(`${stage.host}/w/${source.key}/storage?lang=${locale}`);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale);
    expect(await page.locator('code').allInnerTexts()).toEqual(
      STORED.map(({ name }) => `rapport:${source.key}:${name}${name.endsWith(':') ? '…' : ''}`),
    );
    await page.context().close();
  });

  it('is accessible', async () => {
    const { page } = await openPage(stage.browser);
    await page.goto(`${stage.host}/w/${source.key}/storage?lang=ar`);
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });

  it('is there for programs too, and for no source that has no widget', async () => {
    const ask = (path: string) => stage.worker.dispatchFetch(`${stage.host}${path}`);
    const told = (await (await ask(`/w/${source.key}/storage.json`)).json()) as {
      cookies: unknown[];
      storage: { place: string }[];
    };
    expect(told.cookies).toEqual([]);
    expect(told.storage.map(({ place }) => place)).toEqual(
      STORED.map(({ place }) => (place === 'local' ? 'localStorage' : 'sessionStorage')),
    );
    expect((await ask('/w/none/storage')).status).toBe(404);
  });
});
