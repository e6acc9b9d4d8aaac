import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TouchpointInput } from '../../schema/touchpoint.ts';
import { systemClock } from '../../worker/platform/clock.ts';
import { append } from '../../worker/record/append.ts';
import { type Entry, listEntries } from '../../worker/record/suggestions/entries.ts';
import { followLikeness } from '../../worker/record/suggestions/follow.ts';
import { listSuggestions } from '../../worker/record/suggestions/list.ts';
import { addSource } from '../support/shop.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** Three and more records that share one value: one matter on the page, answered together or two by two, and undone as one. */
const { worker, run, db: raw } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);
const ORIGIN = 'http://rapport.test';
const shops = await Promise.all(
  ['one', 'two', 'three', 'four', 'five'].map(async (name) => {
    const { key } = await addSource(worker, 'shopify', { secret: 'groups', name });
    return (await raw.prepare('SELECT id FROM source WHERE key = ?1').bind(key).first<{ id: number }>())?.id ?? 0;
  }),
);

type Given = { readonly name: string; readonly phone?: string; readonly email?: string; readonly city?: string };
let turn = 0;
/** A customer of the shop with that number. Gives the public id. */
async function person(shop: number, { name, phone, email, city }: Given): Promise<string> {
  const key = `customer:${++turn}`;
  const sourceId = shops[shop] ?? 0;
  const touchpoint: TouchpointInput = {
    messageId: `groups-${turn}`,
    kind: 'customer_updated',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: Date.UTC(2026, 0, 1) + turn,
    person: {
      key,
      identifiers: [
        { kind: 'customer', value: String(turn), assurance: 'asserted' },
        { kind: 'email', value: email ?? `groups${turn}@groups.example`, assurance: 'asserted' },
        ...(phone ? [{ kind: 'phone', value: phone, assurance: 'claimed' } as const] : []),
      ],
      profile: { name, ...(city && { city }) },
    },
  };
  await append(db, systemClock, { sourceId, touchpoints: [touchpoint] });
  const row = await raw
    .prepare(
      'SELECT c.public_id AS id FROM fragment f JOIN customer c ON c.id = f.id WHERE f.source_id = ?1 AND f.key = ?2',
    )
    .bind(sourceId, key)
    .first<{ id: string }>();
  return row?.id ?? '';
}
const people = (names: readonly string[], phone: string): Promise<string[]> =>
  names.reduce(
    async (made, name, shop) => [...(await made), await person(shop, { name, phone })],
    Promise.resolve<string[]>([]),
  );

async function entries(): Promise<readonly Entry[]> {
  while (await followLikeness(db));
  return (await listEntries(db, { limit: 100 }))?.items ?? [];
}
const idsOf = (entry: Entry): string[] =>
  (entry.what === 'pair' ? entry.pair : entry.group).people.map(({ id }) => id).sort();
const entriesAbout = async (id: string) => (await entries()).filter((entry) => idsOf(entry).includes(id));
const recordOf = async (id: string) => (await callApi<{ id: string }>(worker, `/customers/${id}`)).id;

let session = '';
const page = (path: string, form?: readonly (readonly [string, string])[]) =>
  worker.dispatchFetch(ORIGIN + path, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: {
      cookie: session,
      ...(form && { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form.map(([name, value]) => [name, value])).toString() }),
  });
const answer = async (ids: readonly string[], decision: 'merge' | 'apart') => {
  const response = await page('/suggestions/group', [
    ...ids.map((id) => ['person', id] as const),
    ['decision', decision],
  ]);
  return new URL(response.headers.get('location') ?? '', ORIGIN).searchParams;
};

beforeAll(async () => {
  const signedIn = await page('/sign-in', [['token', ADMIN_TOKEN]]);
  session = signedIn.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
});

describe('records that share one value', () => {
  it('are one entry on the page, with every pair in it, and pairs for the API', async () => {
    const ids = await people(['Ada Bell', 'Ada Bell', 'Ada Bel', 'Ada Belle'], '+48123500001');
    const [entry, ...others] = await entriesAbout(ids[0] ?? '');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ what: 'group', group: { shared: [{ kind: 'phone', value: '+48123500001' }] } });
    expect(entry?.what === 'group' && entry.group.people.map(({ id }) => id)).toEqual(ids);
    expect(entry?.what === 'group' && entry.group.pairs).toHaveLength(6);
    const html = await (await page('/suggestions')).text();
    expect(html).toContain('4 records with the phone number +48123500001');
    expect(html).toContain('6 pairs');
    const { items } = await callApi<{ items: { people: { id: string }[] }[] }>(worker, '/suggestions?limit=200');
    expect(items.filter((item) => item.people.every(({ id }) => ids.includes(id)))).toHaveLength(6);
  });

  it('are told together by all that they share, and a pair beside them is a pair', async () => {
    const shared = { name: 'Olga Maj', phone: '+48123500002', city: 'Opole' };
    const ids = [await person(0, shared), await person(1, shared), await person(2, shared)];
    const other = await person(3, { name: 'Olga Maj', phone: '+48123500003', city: 'Lublin' });
    const twin = await person(4, { name: 'Olga Maj', phone: '+48123500003', city: 'Gdynia' });
    const [group] = await entriesAbout(ids[0] ?? '');
    expect(group).toMatchObject({ group: { shared: [{ kind: 'phone' }, { kind: 'name_city', value: null }] } });
    expect((await entriesAbout(other)).map(({ what }) => what)).toEqual(['pair']);
    expect(idsOf((await entriesAbout(twin))[0] as Entry)).toEqual([other, twin].sort());
  });

  it('become one record with one answer, which is taken back as one', async () => {
    const ids = await people(['Iga Sowa', 'Iga Sowa', 'Iga Sowa'], '+48123500004');
    const before = await entriesAbout(ids[0] ?? '');
    const told = await answer(ids, 'merge');
    expect(told.get('done')).toBe('merged_all');
    expect(await Promise.all(ids.map(recordOf))).toEqual(ids.map(() => ids[0]));
    expect(await entriesAbout(ids[0] ?? '')).toEqual([]);
    await page('/suggestions/undo', [['decision', told.get('decision') ?? '']]);
    expect(await Promise.all(ids.map(recordOf))).toEqual(ids);
    expect(await entriesAbout(ids[0] ?? '')).toEqual(before);
  });

  it('become one record in part: the rest is what is left to decide', async () => {
    const ids = await people(['Ewa Lis', 'Ewa Lis', 'Ewa Lis', 'Adam Nowy'], '+48123500005');
    await answer(ids.slice(0, 3), 'merge');
    const [left, ...others] = await entriesAbout(ids[3] ?? '');
    expect(others).toEqual([]);
    expect(left?.what).toBe('pair');
    expect(left && idsOf(left)).toEqual([ids[0] ?? '', ids[3] ?? ''].sort());
  });

  it('are different people with one answer, and nobody is asked again', async () => {
    const ids = await people(['Jan Kos', 'Piotr Wilk', 'Zofia Ruda'], '+48123500006');
    await entries();
    const html = await (await page('/suggestions')).text();
    expect(html).toContain('Their names differ: Jan Kos and Piotr Wilk.');
    const told = await answer(ids, 'apart');
    expect(told.get('done')).toBe('kept_apart_all');
    expect(await entriesAbout(ids[0] ?? '')).toEqual([]);
    expect(await entriesAbout(ids[1] ?? '')).toEqual([]);
    await page('/suggestions/undo', [['decision', told.get('decision') ?? '']]);
    expect((await entriesAbout(ids[0] ?? ''))[0]?.what).toBe('group');
  });

  it('are not joined in passing over what staff have decided before, nor by one tick or a name that is nobody’s', async () => {
    const ids = await people(['Una Ray', 'Una Ray', 'Una Ray'], '+48123500007');
    const [a = '', b = '', c = ''] = ids;
    await callApi(worker, `/customers/${a}/keep-apart`, { method: 'POST', body: { from: b, reason: 'x' } });
    expect((await answer(ids, 'merge')).get('done')).toBe('were_kept_apart');
    expect((await answer([a], 'merge')).get('done')).toBe('tick_two');
    expect(
      (
        await page('/suggestions/group', [
          ['person', a],
          ['person', 'nobody'],
          ['decision', 'merge'],
        ])
      ).status,
    ).toBe(404);
    expect(await Promise.all(ids.map(recordOf))).toEqual(ids);
    // The pair that was decided is in no group; the third is still asked about with each of them.
    const left = await entriesAbout(c);
    expect(left.flatMap((entry) => (entry.what === 'group' ? entry.group.pairs : [entry.pair]))).toHaveLength(2);
  });

  it('keep who was ticked where an answer cannot be taken, and say so on that card', async () => {
    const ids = await people(['Vera Tick', 'Vera Tick', 'Vera Tick'], '+48123500017');
    await entries();
    const before = (await (await page('/suggestions')).text()).replaceAll('<!-- -->', '');
    const group = [...before.matchAll(/name="group" value="([^"]*)"/g)].map(([, list = '']) => list);
    const own = group.find((list) => ids.every((id) => list.includes(id))) ?? '';
    const answered = await page('/suggestions/group', [
      ['group', own],
      ['person', ids[1] ?? ''],
      ['decision', 'merge'],
    ]);
    expect(answered.status).toBe(422);
    const html = await answered.text();
    const card = html.split('<form').find((form) => form.includes(`value="${own}"`)) ?? '';
    expect(card).toContain('tick at least two records');
    const boxes = [...card.matchAll(/<input type="checkbox"[^>]*>/g)].map(([box]) => box);
    expect(boxes.filter((box) => / checked/.test(box)).map((box) => ids.find((id) => box.includes(id)))).toEqual([
      ids[1],
    ]);
    const labels = boxes.map((box) => /aria-label="([^"]*)"/.exec(box)?.[1]);
    expect(new Set(labels).size).toBe(3);
  });

  it('stand on one page each, whatever the size of the pages, and every pair stands somewhere', async () => {
    while (await followLikeness(db));
    const all = await entries();
    const paged: Entry[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await listEntries(db, { limit: 1, ...(cursor && { cursor }) });
      paged.push(...(page?.items ?? []));
      cursor = page?.nextCursor ?? null;
    }
    expect(paged).toEqual(all);
    const told = new Set(
      all.flatMap((entry) =>
        (entry.what === 'group' ? entry.group.pairs : [entry.pair]).map((pair) =>
          pair.people.map(({ id }) => id).join(),
        ),
      ),
    );
    const pairs = (await listSuggestions(db, { limit: 200 }))?.items ?? [];
    expect(pairs.map((pair) => pair.people.map(({ id }) => id).join()).filter((name) => !told.has(name))).toEqual([]);
    expect(pairs.length).toBeGreaterThan(all.length);
  });
});
