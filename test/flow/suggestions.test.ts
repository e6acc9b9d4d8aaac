import { afterAll, describe, expect, it } from 'vitest';
import type { PostalAddress, TouchpointInput } from '../../schema/touchpoint.ts';
import { systemClock } from '../../worker/platform/clock.ts';
import { append } from '../../worker/record/append.ts';
import { eraseCustomer } from '../../worker/record/erasure/erase.ts';
import { followLikeness } from '../../worker/record/suggestions/follow.ts';
import { addSource, holdersOf } from '../support/shop.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { callApi } from '../support/worker.ts';

/** Records that may be one person: found by what they share, told with the reasons, joined by nobody but staff. */
const { worker, run, db: raw } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);
const shop = await addSource(worker, 'shopify', { secret: 'suggest' });
const other = await addSource(worker, 'shopify', { secret: 'suggest', name: 'Second shop' });
const site = await addSource(worker, 'site');
const sourceId = async (key: string): Promise<number> =>
  (await raw.prepare('SELECT id FROM source WHERE key = ?1').bind(key).first<{ id: number }>())?.id ?? 0;
const sources = { shop: await sourceId(shop.key), other: await sourceId(other.key), site: await sourceId(site.key) };

type Given = {
  readonly at?: keyof typeof sources;
  readonly email?: string;
  readonly phone?: string;
  readonly name?: string;
  readonly city?: string;
  readonly company?: string;
  readonly address?: PostalAddress;
};
let turn = 0;
/** Somebody new: a customer of a shop, or a visitor of the site, who only claims. Gives the public id. */
async function person({ at = 'shop', email, phone, address, ...profile }: Given): Promise<string> {
  const key = `${at === 'site' ? 'visitor' : 'customer'}:${++turn}`;
  const assurance = at === 'site' ? 'claimed' : 'asserted';
  const own = at === 'site' ? 'anonymous_id' : 'customer';
  const touchpoint: TouchpointInput = {
    messageId: `suggest-${turn}`,
    kind: 'customer_updated',
    channel: 'shop',
    direction: 'in',
    initiator: 'customer',
    occurredAt: Date.UTC(2026, 0, 1) + turn,
    person: {
      key,
      identifiers: [
        { kind: own, value: String(turn), assurance },
        ...(email ? [{ kind: 'email', value: email, assurance } as const] : []),
        ...(phone ? [{ kind: 'phone', value: phone, assurance } as const] : []),
      ],
      profile,
      ...(address && { addresses: [address] }),
    },
  };
  await append(db, systemClock, { sourceId: sources[at], touchpoints: [touchpoint] });
  const row = await raw
    .prepare(
      'SELECT c.public_id AS id FROM fragment f JOIN customer c ON c.id = f.id WHERE f.source_id = ?1 AND f.key = ?2',
    )
    .bind(sources[at], key)
    .first<{ id: string }>();
  return row?.id ?? '';
}
const follow = async () => {
  while (await followLikeness(db));
};

type Item = {
  readonly people: readonly { readonly id: string }[];
  readonly evidence: readonly string[];
  readonly pro: readonly { readonly says: string }[];
  readonly contra: readonly { readonly says: string }[];
};
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };
const list = (query = '') => callApi<Listed>(worker, `/suggestions?limit=200${query}`);
/** What is suggested of two people, if it is. */
async function between(a: string, b: string): Promise<Item | undefined> {
  await follow();
  const { items } = await list();
  return items.find(({ people }) => [a, b].every((id) => people.some((one) => one.id === id)));
}
const post = <T = { decisionId: string }>(path: string, body: object) =>
  callApi<T>(worker, path, { method: 'POST', body });

describe('two records are suggested that share', () => {
  it('an address that one of them only claims', async () => {
    const a = await person({ email: 'claimed@suggest.example', name: 'Nora Holt' });
    const b = await person({ at: 'site', email: 'claimed@suggest.example' });
    const found = await between(a, b);
    expect(found?.evidence).toContain('email');
    expect(found?.pro).toContainEqual(expect.objectContaining({ says: 'same_value', isProven: false }));
  });

  it('a mailbox written with dots, a plus or the other name of its host', async () => {
    const a = await person({ email: 'mira.kolb@gmail.com' });
    const b = await person({ at: 'other', email: 'mirakolb+shop@googlemail.com' });
    const c = await person({ at: 'other', email: 'mirakolb@mail.example' });
    expect(await between(a, b)).toMatchObject({ evidence: ['address'], pro: [{ says: 'same_mailbox' }] });
    expect(await between(a, c)).toBeUndefined();
  });

  it('a telephone, though their addresses differ, with both told', async () => {
    const a = await person({ email: 'p1@suggest.example', phone: '+48123400001', name: 'Ewa Lis' });
    const b = await person({ at: 'other', email: 'p2@suggest.example', phone: '+48123400001', name: 'Ewa Liss' });
    const found = await between(a, b);
    expect(found?.evidence).toEqual(['phone']);
    expect(found?.pro.map(({ says }) => says)).toEqual(['same_value', 'similar_name']);
  });

  it('a name and a town, in whatever script and order they are written', async () => {
    const a = await person({ email: 'y1@suggest.example', name: 'Йордан Пеев', city: 'София' });
    const b = await person({ at: 'other', email: 'y2@suggest.example', name: 'Peev, Jordan', city: 'Sofia' });
    const abroad = await person({ at: 'other', email: 'y3@suggest.example', name: 'Yordan Peev', city: 'Burgas' });
    expect(await between(a, b)).toMatchObject({ evidence: ['name_city'] });
    expect(await between(a, abroad)).toBeUndefined();
  });

  it('a name and a company, with or without its legal form', async () => {
    const a = await person({ email: 'c1@suggest.example', name: 'Ida Brandt', company: 'Nordlicht GmbH' });
    const b = await person({ at: 'other', email: 'c2@suggest.example', name: 'Ida Brandt', company: 'Nordlicht' });
    expect(await between(a, b)).toMatchObject({ evidence: ['name_company'] });
  });
});

describe('two records are not suggested', () => {
  it('for a first name and a town', async () => {
    const a = await person({ email: 'f1@suggest.example', name: 'Ana', city: 'Porto' });
    const b = await person({ at: 'other', email: 'f2@suggest.example', name: 'Ana', city: 'Porto' });
    expect(await between(a, b)).toBeUndefined();
  });

  it('for a mailbox that a team reads', async () => {
    const a = await person({ email: 'info@suggest.example' });
    const b = await person({ at: 'site', email: 'info@suggest.example' });
    expect(await between(a, b)).toBeUndefined();
  });

  it('for what more than twelve hold, though they were fewer once', async () => {
    const first: string[] = [];
    for (let i = 0; i < 3; i++)
      first.push(await person({ email: `crowd${i}@suggest.example`, name: 'Jan Nowak', city: 'Łódź' }));
    const [a = '', b = ''] = first;
    expect(await between(a, b)).toBeDefined();
    for (let i = 3; i < 14; i++) await person({ email: `crowd${i}@suggest.example`, name: 'Jan Nowak', city: 'Łódź' });
    expect(await between(a, b)).toBeUndefined();
  });

  it('once they are one record, and again when that is taken back', async () => {
    const a = await person({ email: 'once1@suggest.example', phone: '+48123400009' });
    const b = await person({ at: 'other', email: 'once2@suggest.example', phone: '+48123400009' });
    const before = await between(a, b);
    const { decisionId } = await post(`/customers/${a}/merge`, { from: b, reason: 'x' });
    expect(await between(a, b)).toBeUndefined();
    await post(`/decisions/${decisionId}/revoke`, { reason: 'x' });
    expect(await between(a, b)).toEqual(before);
  });

  it('once staff have said that they are two, whichever of their parts is asked about', async () => {
    const a = await person({ email: 'two1@suggest.example', phone: '+48123400010' });
    const b = await person({ at: 'other', email: 'two2@suggest.example', phone: '+48123400010' });
    const c = await person({ at: 'other', email: 'two3@suggest.example', name: 'Third Part' });
    expect(await between(a, b)).toBeDefined();
    const kept = await post(`/customers/${a}/keep-apart`, { from: b, reason: 'x' });
    expect(await between(a, b)).toBeUndefined();
    await post(`/customers/${a}/merge`, { from: c, reason: 'x' });
    expect(await between(a, b)).toBeUndefined();
    await post(`/decisions/${kept.decisionId}/revoke`, { reason: 'x' });
    expect(await between(a, b)).toBeDefined();
  });
});

describe('the list', () => {
  it('begins with what says most, filters by evidence, and pages without a gap', async () => {
    const a = await person({
      email: 'most.one@suggest.example',
      phone: '+48123400020',
      name: 'Olga Maj',
      city: 'Opole',
    });
    const b = await person({
      at: 'other',
      email: 'mostone@suggest.example',
      phone: '+48123400020',
      name: 'Olga Maj',
      city: 'Opole',
    });
    await follow();
    const { items } = await list();
    expect(items[0]?.people.map(({ id }) => id).sort()).toEqual([a, b].sort());
    expect(items[0]?.evidence).toEqual(['phone', 'address', 'name_city']);
    for (const { evidence } of (await list('&evidence=phone')).items) expect(evidence).toContain('phone');
    const paged: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Listed = await callApi(worker, `/suggestions?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(items);
  });

  it('holds nothing of somebody erased', async () => {
    const a = await person({ email: 'gone1@suggest.example', phone: '+48123400030' });
    const b = await person({ at: 'other', email: 'gone2@suggest.example', phone: '+48123400030' });
    const claimant = await person({ at: 'site', email: 'gone1@suggest.example' });
    expect(await between(a, b)).toBeDefined();
    await eraseCustomer({ db, clock: systemClock }, a, 'person_asked');
    const left = await raw
      .prepare("SELECT count(*) AS n FROM match_key WHERE key LIKE '%gone1%' OR value LIKE '%gone1%'")
      .first();
    expect(left).toEqual({ n: 0 });
    await follow();
    const { items } = await list();
    expect(items.flatMap(({ people }) => people.map(({ id }) => id))).not.toContain(claimant);
    expect((await holdersOf(worker, 'phone:+48123400030')).map(({ id }) => id)).toEqual([b]);
    expect(items.flatMap(({ people }) => people.map(({ id }) => id))).not.toContain(b);
  });

  it('comes to the same when it is built anew', async () => {
    await follow();
    const kept = await raw.prepare('SELECT * FROM suggestion ORDER BY 1, 2').all();
    await run(['suggestion', 'match_key', 'match_due'].map((table) => ({ sql: `DELETE FROM ${table}`, values: [] })));
    await run([{ sql: "DELETE FROM log_cursor WHERE name = 'suggestions'", values: [] }]);
    await follow();
    expect((await raw.prepare('SELECT * FROM suggestion ORDER BY 1, 2').all()).results).toEqual(kept.results);
  });
});

describe('whoever claims a value after many', () => {
  const rows = async () =>
    JSON.stringify((await raw.prepare('SELECT * FROM suggestion ORDER BY customer_a, customer_b').all()).results);
  const read = async (kind: string) =>
    (await raw.prepare('SELECT count(*) AS n FROM match_key WHERE kind = ?1').bind(kind).first<{ n: number }>())?.n ??
    0;

  it('silences nobody: who has it for sure is found alike with whoever claimed it first', async () => {
    const email = 'flooded@suggest.example';
    const [owner, claimant] = [await person({ email }), await person({ at: 'site', email })];
    expect((await between(owner, claimant))?.evidence).toContain('email');
    const later: string[] = [];
    for (let i = 0; i < 18; i++) {
      later.push(await person({ at: 'site', email }));
      if (i % 5 === 0) await follow();
    }
    expect((await between(owner, claimant))?.evidence).toContain('email');
    expect(await between(owner, later.at(-1) ?? '')).toBeUndefined();
  });

  it('nor do many who claim a telephone silence two who have it', async () => {
    const phone = '+48123400077';
    for (let i = 0; i < 16; i++) await person({ at: 'site', phone });
    const [a, b] = [
      await person({ email: 'have1@suggest.example', phone }),
      await person({ at: 'other', email: 'have2@suggest.example', phone }),
    ];
    expect((await between(a, b))?.evidence).toContain('phone');
  });

  it('nor do many who claim an address of the post silence two of one name who have it', async () => {
    const address = { lines: ['Rosenstrasse 12'], postalCode: '10115', city: 'Berlin', country: 'DE' };
    const [a, b] = [
      await person({ email: 'g1@suggest.example', name: 'Greta Postal', address }),
      await person({ at: 'other', email: 'g2@suggest.example', name: 'Greta Postal', address }),
    ];
    for (let i = 0; i < 16; i++) await person({ at: 'site', name: `Xan Yorn ${i}`, address });
    expect((await between(a, b))?.evidence).toContain('name_postal');
  });

  it('and what is suggested is the same when all of it is worked out anew', async () => {
    await follow();
    const [live, keys] = [await rows(), await read('email')];
    await raw.batch([
      raw.prepare('DELETE FROM suggestion'),
      raw.prepare('DELETE FROM match_key'),
      raw.prepare("DELETE FROM log_cursor WHERE name = 'suggestions'"),
    ]);
    await follow();
    expect([await rows(), await read('email')]).toEqual([live, keys]);
  });
});
