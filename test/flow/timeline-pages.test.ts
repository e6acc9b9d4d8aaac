import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdersOf } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { addTracking, track } from '../support/tracking.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** The pages of a timeline: each link goes on from one touchpoint, whatever comes meanwhile. */
const { worker } = await startWithSql();
afterAll(() => worker.dispose());
const ORIGIN = 'http://rapport.test';
const server = await addTracking(worker);
const DAY = 24 * 3600_000;
const START = Date.UTC(2026, 4, 1);
const TOTAL = 150;
const PAGE = 60;
let cookie = '';
let path = '';

/** Three at each moment, so that time alone tells no order. */
const happen = async (n: number, at = START + Math.floor(n / 3) * DAY) =>
  track(worker, server.secretKey, 'track', {
    userId: 'paged',
    event: `Step ${n}`,
    timestamp: new Date(at).toISOString(),
  });

beforeAll(async () => {
  const answer = await worker.dispatchFetch(`${ORIGIN}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: ADMIN_TOKEN }).toString(),
  });
  cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  for (let n = 0; n < TOTAL; n++) await happen(n);
  path = `/customers/${(await holdersOf(worker, 'user_id:paged'))[0]?.id}`;
});

type Shown = { readonly seqs: number[]; readonly older: string | null; readonly newer: string | null };
async function open(address: string): Promise<Shown> {
  const response = await worker.dispatchFetch(ORIGIN + address, { headers: { cookie } });
  expect(response.status).toBe(200);
  const html = await response.text();
  const timeline = html.slice(html.indexOf('id="timeline"'));
  const pager = /<nav class="pager".*?<\/nav>/s.exec(timeline)?.[0] ?? '';
  const link = (words: string) =>
    new RegExp(`<a href="([^"#]*)#timeline">${words}`).exec(pager)?.[1]?.replaceAll('&amp;', '&') ?? null;
  const seqs = [...timeline.slice(0, timeline.indexOf('</section></div>')).matchAll(/\/touchpoints\/tp_(\d+)"/g)];
  return { seqs: seqs.map(([, seq]) => Number(seq)), older: link('Older'), newer: link('Newer') };
}
/** All pages from one on, by their links to older ones. */
async function onwards(address: string): Promise<number[]> {
  const page = await open(address);
  return [...page.seqs, ...(page.older === null ? [] : await onwards(page.older))];
}

describe('the pages of a timeline', () => {
  it('show everything once, latest first', async () => {
    const all = await onwards(path);
    expect(all).toHaveLength(TOTAL);
    expect(all).toEqual([...all].sort((a, b) => b - a));
  });

  it('stay where they are when something comes', async () => {
    const first = await open(path);
    const second = await open(first.older ?? '');
    expect([first.newer, first.seqs.length, second.seqs.length]).toEqual([null, PAGE, PAGE]);
    for (let n = 0; n < 5; n++) await happen(TOTAL + n, START + 100 * DAY);
    // And something that happened long ago and is told only now is in its place.
    await happen(TOTAL + 5, START + DAY);
    expect((await open(first.older ?? '')).seqs).toEqual(second.seqs);
    expect(await onwards(path)).toHaveLength(TOTAL + 6);
    const back = await open(second.newer ?? '');
    expect(back.seqs).toEqual(first.seqs);
    expect(back.newer).not.toBeNull();
    // What is newer than that does not fill a page: it is the first one.
    const top = await open(back.newer ?? '');
    expect([top.seqs.length, top.newer]).toEqual([PAGE, null]);
    expect(top.seqs.slice(5)).toEqual(first.seqs.slice(0, PAGE - 5));
  });

  it('stay within a month and a kind', async () => {
    const month = await open(`${path}?month=2026-05&show=activity`);
    expect((await open(`${path}?month=2026-05`)).seqs).toHaveLength(PAGE);
    const { older } = await open(`${path}?month=2026-05`);
    expect(older).toContain('month=2026-05');
    expect((await open(older ?? '')).seqs.length).toBeGreaterThan(0);
    expect(month.newer).toBeNull();
  });

  it('are found at addresses of before, and at those that name nothing', async () => {
    const first = await open(path);
    expect((await open(`${path}?page=2`)).seqs).toEqual((await open(first.older ?? '')).seqs);
    expect((await open(`${path}?page=2`)).newer).not.toBeNull();
    for (const odd of ['older=x', 'older=1-2-3', 'newer=', `older=${'9'.repeat(30)}-1`, 'page=-1'])
      expect((await open(`${path}?${odd}`)).seqs).toEqual(first.seqs);
    expect((await open(`${path}?older=0-0`)).seqs).toEqual([]);
  });
});

describe('the pages of an organisation’s timeline', () => {
  it('stay where they are too, and show everything once', async () => {
    const { id } = await callApi<{ id: string }>(worker, '/organisations', { method: 'POST', body: { name: 'Paged' } });
    const customer = path.split('/').at(-1) ?? '';
    await callApi(worker, `/organisations/${id}/members/${customer}`, { method: 'PUT', body: {} });
    const home = `/organisations/${id}`;
    const first = await open(home);
    const second = await open(first.older ?? '');
    await happen(TOTAL + 6, START + 100 * DAY);
    expect((await open(first.older ?? '')).seqs).toEqual(second.seqs);
    expect(await onwards(home)).toHaveLength(TOTAL + 7);
    expect((await open((await open(first.older ?? '')).newer ?? '')).seqs).toEqual(first.seqs);
    expect((await open(`${home}?page=2`)).older).not.toBeNull();
  });
});
