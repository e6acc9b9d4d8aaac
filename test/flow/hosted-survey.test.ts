import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, startWorker } from '../support/worker.ts';

/** The survey as a page of its own, met without a script as any browser meets it. */
const HOST = 'http://rapport.test';
const worker = startWorker();
type Source = { readonly id: string; readonly key: string };
let source: Source;

const QUESTIONS = [
  { id: 'nps', kind: 'nps', required: true },
  { id: 'ease', kind: 'ces', required: true },
  { id: 'mood', kind: 'smileys' },
  { id: 'why', kind: 'comment' },
];

const addSite = (settings: object = {}): Promise<Source> =>
  callApi<Source>(worker, '/sources', {
    method: 'POST',
    body: {
      kind: 'site',
      name: 'Harbour & Hare',
      settings: { survey: { id: 'visit', questions: QUESTIONS }, ...settings },
    },
  });

beforeAll(async () => {
  await worker.ready;
  source = await addSite();
});
afterAll(() => worker.dispose());

const get = (path: string, headers: Record<string, string> = {}) =>
  worker.dispatchFetch(`${HOST}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });

const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  worker.dispatchFetch(`${HOST}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', origin: 'null', ...headers },
    body: new URLSearchParams(fields).toString(),
  });

type Answer = { question: string; score: number | null; text: string | null };
type Touchpoint = { kind: string; text: string | null; score: number | null; data: { answers?: Answer[] } };
const touchpoints = async ({ id }: Source): Promise<readonly Touchpoint[]> =>
  (await callApi<{ items: Touchpoint[] }>(worker, `/touchpoints?source=${id}&limit=200`)).items;

const responseOf = (page: string): string => /name="_response" value="([^"]+)"/.exec(page)?.[1] ?? '';
const checked = (page: string): string[] =>
  [...page.matchAll(/<input type="radio" name="(\w+)" value="(\d+)"[^>]*\bchecked\b/g)].map(
    (hit) => `${hit[1]}=${hit[2]}`,
  );

describe('a survey page', () => {
  it('records nothing by being read, whatever the link chooses beforehand', async () => {
    const page = await (await get(`/s/${source.key}?nps=9&mood=2&ease=99&why=hello&other=1`)).text();
    expect(checked(page)).toEqual(['nps=9', 'mood=2']);
    expect(page).not.toContain('hello');
    const head = await worker.dispatchFetch(`${HOST}/s/${source.key}?nps=9`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await touchpoints(source)).toEqual([]);
  });

  it('stays out of caches, search engines, frames and the next page’s referrer', async () => {
    const { headers } = await get(`/s/${source.key}`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('may be framed by the owner’s own sites only', async () => {
    const { key } = await addSite({ origins: ['https://shop.test', 'https://www.shop.test/path'] });
    const { headers } = await get(`/s/${key}`);
    expect(headers.get('content-security-policy')).toContain('frame-ancestors https://shop.test https://www.shop.test');
    expect(headers.get('x-frame-options')).toBeNull();
  });

  it('carries no style or script in its markup', async () => {
    const page = await (await get(`/s/${source.key}`)).text();
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  });

  it.each([
    ['en', 'ltr', 'Your feedback'],
    ['zh-Hans', 'ltr', '您的反馈'],
    ['bg', 'ltr', 'Вашето мнение'],
    ['pl', 'ltr', 'Twoja opinia'],
    ['ar', 'rtl', 'رأيك يهمنا'],
  ])('speaks %s, %s', async (locale, dir, title) => {
    const byLink = await (await get(`/s/${source.key}?lang=${locale}`)).text();
    expect(byLink).toContain(`<html lang="${locale}" dir="${dir}"`);
    expect(byLink).toContain(`<h1>${title}</h1>`);
    const byBrowser = await (await get(`/s/${source.key}`, { 'accept-language': `fr, ${locale};q=0.7` })).text();
    expect(byBrowser).toContain(`<html lang="${locale}" dir="${dir}"`);
    const faulty = await (await post(`/s/${source.key}?lang=${locale}`, {})).text();
    expect(faulty).toContain(`<html lang="${locale}" dir="${dir}"`);
    expect(faulty).not.toContain('page.');
  });

  it('follows the owner’s language over the browser’s, and the link’s over both', async () => {
    const { key } = await addSite({ locale: 'pl' });
    expect(await (await get(`/s/${key}`, { 'accept-language': 'bg' })).text()).toContain('lang="pl"');
    expect(await (await get(`/s/${key}?lang=ar`, { 'accept-language': 'bg' })).text()).toContain('<html lang="ar"');
  });

  it('wears the owner’s colour from a stylesheet of its own', async () => {
    const { key } = await addSite({ accent: '#ffcc00', theme: 'dark' });
    expect(await (await get(`/s/${key}`)).text()).toContain('class="public-dark"');
    expect(await (await get(`/s/${key}/accent.css`)).text()).toBe(':root{--rp-accent:#ffcc00;--rp-on:#000}');
  });

  it('is not there for a key that opens no survey', async () => {
    const form = await callApi<Source>(worker, '/sources', {
      method: 'POST',
      body: { kind: 'html_form', name: 'Form' },
    });
    for (const token of ['no-such-key', form.key, '%E0%A4%A']) {
      const response = await get(`/s/${token}`);
      expect(response.status, token).toBe(404);
    }
  });
});

describe('an answer', () => {
  it('is recorded once, and leads to a page that can be reloaded', async () => {
    const { key, id } = await addSite();
    const page = await (await get(`/s/${key}?lang=bg`)).text();
    const fields = { _response: responseOf(page), nps: '10', ease: '6', mood: '5', why: 'Чайникът е прекрасен.' };
    const responses = await Promise.all([1, 2, 3].map(() => post(`/s/${key}?lang=bg`, fields)));
    for (const response of responses) {
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toContain(`/s/${key}/thanks?lang=bg`);
    }
    expect(await (await get(responses[0]?.headers.get('location') ?? '')).text()).toContain('Благодарим Ви!');
    const stored = await touchpoints({ key, id });
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({ kind: 'survey_answered', score: 10, text: 'Чайникът е прекрасен.' });
    expect(stored[0]?.data.answers?.map(({ question, score }) => [question, score])).toEqual([
      ['nps', 10],
      ['ease', 6],
      ['mood', 5],
      ['why', null],
    ]);
  });

  it('that is sent again with other words says that it has been given', async () => {
    const { key, id } = await addSite();
    const _response = crypto.randomUUID();
    await post(`/s/${key}`, { _response, nps: '3', ease: '3' });
    const again = await post(`/s/${key}`, { _response, nps: '9', ease: '3' });
    expect(await (await get(again.headers.get('location') ?? '')).text()).toContain('You have already answered');
    expect((await touchpoints({ key, id })).map(({ score }) => score)).toEqual([3]);
  });

  it('that lacks something comes back with what was typed, and records nothing', async () => {
    const { key, id } = await addSite();
    const _response = crypto.randomUUID();
    const words = 'A <b>bold</b> "quote" & </textarea><script>alert(1)</script>';
    const response = await post(`/s/${key}`, { _response, nps: '7', why: words });
    const page = await response.text();
    expect(response.status).toBe(422);
    expect(page).toContain('<title>1 question still needs an answer. – Your feedback</title>');
    expect(page).toContain('<a href="#ask-ease">');
    expect(page).toContain('id="ask-ease"');
    expect(page).toContain('aria-describedby="rp-ease-error"');
    expect(checked(page)).toEqual(['nps=7']);
    expect(page).toContain('A &lt;b>bold&lt;/b>');
    expect(page).not.toContain('<script>');
    expect(responseOf(page)).toBe(_response);
    expect(await touchpoints({ key, id })).toEqual([]);
  });

  it.each([
    ['a score off the scale', { nps: '11', ease: '3' }, 'ask-nps'],
    ['a score that is none', { nps: 'ten', ease: '3' }, 'ask-nps'],
    ['words too long', { nps: '3', ease: '3', why: 'x'.repeat(5001) }, 'ask-why'],
    ['characters no text may hold', { nps: '3', ease: '3', why: 'a\u0000b' }, 'ask-why'],
  ])('with %s is refused at its question', async (_, fields, anchor) => {
    const { key, id } = await addSite();
    const response = await post(`/s/${key}`, { _response: crypto.randomUUID(), ...fields });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(`<a href="#${anchor}">`);
    expect(await touchpoints({ key, id })).toEqual([]);
  });

  it('without anything in it is asked for, even where no question is required', async () => {
    const { key } = await addSite({ survey: { id: 'visit', questions: [{ id: 'why', kind: 'comment' }] } });
    const response = await post(`/s/${key}`, { why: '   ' });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('<a href="#ask-why">');
  });

  it('from another site’s page is refused, unless the owner lists that site', async () => {
    const { key, id } = await addSite({ origins: ['https://shop.test'] });
    const fields = { nps: '3', ease: '3' };
    expect((await post(`/s/${key}`, fields, { origin: 'https://evil.test' })).status).toBe(403);
    expect(await touchpoints({ key, id })).toEqual([]);
    for (const origin of ['https://shop.test', HOST, 'null'])
      expect((await post(`/s/${key}`, { ...fields, _response: crypto.randomUUID() }, { origin })).status, origin).toBe(
        303,
      );
    expect(await touchpoints({ key, id })).toHaveLength(3);
  });

  it('from nobody in particular makes no customer that is listed', async () => {
    const { key } = await addSite();
    const before = await callApi<{ items: unknown[] }>(worker, '/customers');
    await post(`/s/${key}`, { _response: crypto.randomUUID(), nps: '8', ease: '5' });
    const after = await callApi<{ items: unknown[] }>(worker, '/customers');
    expect(after.items.length).toBe(before.items.length);
  });
});
