import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILE_STYLE } from '../../worker/pages/privacy/file-style.ts';
import { type Planted, plant, TAGS } from './plants.ts';
import { openStaff, openStage, type Stage } from './stage.ts';
import { bundled, HEADER_XSS, XSS } from './xss-corpus.ts';

declare global {
  interface Window {
    __xss?: unknown;
    /** Everything in a document that we would never write ourselves. */
    foreignMarkup(of: Document): string[];
  }
}

let stage: Stage;
let page: Page;
let faults: string[];
let planted: Planted;

beforeAll(async () => {
  stage = await openStage();
  planted = await plant(stage);
  // Products are followed from the log by the minute's run.
  await stage.worker.dispatchFetch(`${stage.host}/demo/cron`, { method: 'POST' });
  ({ page, faults } = await openStaff(stage));
  await page.context().addInitScript(() => {
    const STRANGE =
      'iframe,object,embed,base,math,template:not(body > #dialogs),marquee,video,audio,style,noscript,frame,x-y,image,animate,foreignObject,[srcdoc],[formaction],[style],meta[http-equiv]';
    window.foreignMarkup = (of) => {
      // What stands in our own template becomes part of the page later, and is looked at as well.
      const own = [...of.querySelectorAll<HTMLTemplateElement>('body > template#dialogs')];
      const all = (selector: string) =>
        [of, ...own.map(({ content }) => content)].flatMap((root) => [...root.querySelectorAll(selector)]);
      const strange = [...all(STRANGE), ...own.slice(1)];
      const scripts = [...of.scripts].filter(
        (script) => !/^\/assets\//.test(script.getAttribute('src') ?? '') || script.text,
      );
      const listening = all('*').filter((element) =>
        [...element.attributes].some(
          ({ name, value }) =>
            /^on/i.test(name) ||
            (/^(href|src|action|data|xlink:href)$/i.test(name) &&
              !/^(?:[/?#]|https?:\/\/|data:image\/svg)/.test(value)),
        ),
      );
      return [...strange, ...scripts, ...listening].map((element) => element.outerHTML.slice(0, 200));
    };
  });
});
afterAll(() => stage?.close());

/** Enough to see what is wrong: one hole lets hundreds through. */
const some = (foreign: readonly string[]): readonly string[] => foreign.slice(0, 5);

type Seen = { readonly foreign: string[]; readonly text: string; readonly links: string[] };

/** Reads pages without opening them, six at a time, and what of them a reader would see. A file of a person has a style of its own. */
const read = (paths: readonly string[]): Promise<Seen[]> =>
  page.evaluate(
    async ({ wanted, style }) => {
      const seen: Seen[] = [];
      const next = async (): Promise<void> => {
        const path = wanted.pop();
        if (path === undefined) return;
        const response = await fetch(path, { headers: { accept: 'text/html' } });
        const isPage = response.headers.get('content-type')?.startsWith('text/html');
        const html = isPage ? (await response.text()).replace(style, '') : '';
        const document = new DOMParser().parseFromString(html, 'text/html');
        seen.push({
          foreign: window.foreignMarkup(document).map((markup) => `${path}: ${markup}`),
          text: `${document.title} ${document.body.textContent}`,
          links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? ''),
        });
        return next();
      };
      await Promise.all(Array.from({ length: 6 }, next));
      return seen;
    },
    { wanted: [...paths], style: `<style>${FILE_STYLE}</style>` },
  );

/** Opens a page as staff would. Nothing may have run in it, been blocked in it, or stand in it that we did not write. */
async function open(path: string): Promise<void> {
  await page.goto(path);
  expect(await page.evaluate(() => [window.__xss, ...window.foreignMarkup(document)]), path).toEqual([undefined]);
  expect(faults, path).toEqual([]);
}

/** Opens a document that is downloaded as whoever it is handed to would: without our headers, so that nothing blocks a script. */
async function openFile(path: string): Promise<void> {
  const html = await (await page.request.get(new URL(path, stage.host).href)).text();
  const reader = await page.context().newPage();
  await reader.setContent(html);
  expect(
    await reader.evaluate(() => [window.__xss, document.querySelectorAll('script, img, svg, iframe').length]),
  ).toEqual([undefined, 0]);
  await reader.close();
}

/** A path without the ids in it: the kind of page it leads to. */
const kindOf = (path: string): string => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '…');

/** Each of hundreds of records has pages of its own and may be compared with any other, and filters of a list combine: so many are enough. */
const OF_A_KIND = 25;
const isOneOfMany = (path: string): boolean => /^\/[a-z]+\/[^/?]+\/.|\?/.test(path);
/** What it is counted as: pages below a record by their kind, and a list that a query narrows as that list. */
const countedAs = (path: string): string => kindOf(path).replace(/\?.*/, '?');

/** Every page that can be reached by links from the overview. Of lists that a query narrows, one of each kind is enough. */
async function crawl(): Promise<{ pages: string[]; seen: Seen[] }> {
  const pages = new Set<string>();
  const queries = new Set<string>();
  const kinds = new Map<string, number>();
  const isNew = (link: string): boolean => {
    if (pages.has(link) || queries.has(kindOf(link))) return false;
    if (isOneOfMany(link)) {
      const seen = (kinds.get(countedAs(link)) ?? 0) + 1;
      kinds.set(countedAs(link), seen);
      if (seen > OF_A_KIND) return false;
    }
    if (/\?(?!page=|cursor=|older=|newer=)/.test(link)) queries.add(kindOf(link));
    return true;
  };
  const all: Seen[] = [];
  let front = ['/', '/customers', '/sources', '/sources/new', '/jobs', '/suggestions', '/identity', '/api'];
  while (front.length > 0) {
    for (const path of front) pages.add(path);
    const seen = await read(front);
    all.push(...seen);
    const links = seen.flatMap((one) => one.links).filter((link) => /^\/(?!\/|api\/|assets\/)/.test(link));
    front = [...new Set(links.map((link) => link.replace(/#.*/, '')))].filter(isNew);
  }
  return { pages: [...pages], seen: all };
}

describe(`${XSS.length} texts that would run, in every field a stranger can fill`, () => {
  it('are text and nothing else on every page that staff can reach', async () => {
    await page.goto('/');
    const { pages, seen } = await crawl();
    expect(pages.length).toBeGreaterThan(100);
    expect(some(seen.flatMap(({ foreign }) => foreign))).toEqual([]);
    const text = seen.map((one) => one.text).join('\n');
    expect(TAGS.filter((tag) => !text.includes(`(${tag})`) && tag !== 'label')).toEqual([]);
    expect(XSS.filter((one) => !text.includes(one.replaceAll('\u0001', '').trim()))).toEqual([]);
    // One of each kind is opened for real.
    const kinds = new Map(pages.map((path) => [kindOf(path), path]));
    for (const path of kinds.values()) {
      if (path.endsWith('/export')) await openFile(path);
      else if (!path.endsWith('.csv')) await open(path);
    }
    // A few thousand pages, on a machine that may be busy with others.
  }, 300_000);

  it('do not run on the pages where most of them stand together', async () => {
    for (const path of [
      '/',
      '/products',
      '/products?q=window.__xss',
      '/log?q=window.__xss',
      '/customers',
      '/suggestions',
      '/sources',
      '/customers?q=window.__xss',
      '/customers?q=buyer@planted.example',
    ])
      await open(path);
    await page.getByRole('link', { name: 'Ada' }).first().click();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await page.locator('.orders').first().innerText()).toContain('window.__xss=1');
    await open(new URL(page.url()).pathname);
  });

  it('are inert in every query and path', async () => {
    await page.goto('/');
    const paths = bundled(XSS).flatMap((text) => {
      const value = encodeURIComponent(text);
      return [
        `/customers?q=${value}`,
        `/customers?orders=${value}&quiet=${value}&attention=${value}&${value}=${value}`,
        `/customers?cursor=${value}`,
        `/customers?where=${value}`,
        `/segments/new?name=${value}&rule=${value}`,
        `/customers/${value}`,
        `/sources/new?kind=${value}`,
        `/?done=${value}`,
        `/sign-in?next=${value}&ticket=${value}`,
        `/no-such-page/${value}`,
        `/s/${planted.sites[0]}?why=${value}&lang=${value}&${value}=1`,
        `/s/${planted.sites[0]}/thanks?lang=${value}&again=${value}`,
        `/s/${value}`,
      ];
    });
    expect(some((await read(paths)).flatMap(({ foreign }) => foreign))).toEqual([]);
    for (const text of XSS.slice(0, 5)) await open(`/customers?q=${encodeURIComponent(text)}`);
  });

  it('are inert on the hosted survey, as its questions and as what was typed', async () => {
    await page.goto('/');
    const seen = await read(planted.sites.map((key) => `/s/${key}`));
    expect(some(seen.flatMap(({ foreign }) => foreign))).toEqual([]);
    expect(seen.every(({ text }) => text.includes('(label)'))).toBe(true);
    await open(`/s/${planted.sites[0]}`);
    await page.locator('textarea').fill(XSS.join(' '));
    await page.locator('button[type=submit]').click();
    await page.waitForURL('**/thanks?*');
    expect(faults).toEqual([]);
  });

  it('are inert on the page that thanks for a form, and lead nowhere else', async () => {
    await page.goto('/');
    const submit = (text: string, fields: Record<string, string>) =>
      stage.worker.dispatchFetch(`${stage.host}/f/${planted.form}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          referer: `https://shop.example/${text}`,
          'accept-language': text,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ message: text, ...fields }).toString(),
      });
    for (const text of bundled(HEADER_XSS)) {
      const html = await (await submit(text, {})).text();
      expect(html).toContain('shop.example');
      const foreign = await page.evaluate(
        (markup) => window.foreignMarkup(new DOMParser().parseFromString(markup, 'text/html')),
        html,
      );
      expect(some(foreign), text).toEqual([]);
      const next = (await submit(text, { _next: text })).headers.get('location');
      if (next !== null) expect(new URL(next).origin).toBe('https://shop.example');
    }
  });
});
