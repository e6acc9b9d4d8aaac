import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { askOf, importFile, planOf } from '../support/imports.ts';
import { addSource, deliver, holdersOf } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { minute } from '../support/team.ts';
import { addTracking, track } from '../support/tracking.ts';
import { callApi } from '../support/worker.ts';

/** Fields of the business's own, filled by what sources tell of people. */
const { worker, db } = await startWithSql();
afterAll(() => worker.dispose());
const sdk = await addTracking(worker);
const form = await addSource(worker, 'html_form');
const site = await addSource(worker, 'site');

type Value = { value: string; assurance: string; source: string | null; saidBy: string | null; at: string };
type Customer = { id: string; fields: Record<string, (Value & { others: Value[] }) | undefined> };
const idOf = async (email: string) => (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
const read = async (email: string, at = '') =>
  (await callApi<Customer>(worker, `/customers/${await idOf(email)}${at && `?at=${at}`}`)).fields;
const define = (key: string, kind: string, filledFrom: readonly string[] = [key], choices: readonly string[] = []) =>
  callApi(worker, '/custom-fields', { method: 'POST', body: { key, label: key, kind, choices, filledFrom } });
const revise = (key: string, body: object) => callApi(worker, `/custom-fields/${key}`, { method: 'PATCH', body });

const daysAgo = (days: number): string => new Date(Date.now() - days * 24 * 3600_000).toISOString();
const identify = (email: string, traits: object, { key = sdk.secretKey, userId = email, days = 1 } = {}) =>
  track(worker, key, 'identify', { userId, timestamp: daysAgo(days), traits: { email, ...traits } });
const standing = async (email: string, key: string) => {
  const entry = (await read(email))[key];
  return entry && [entry.value, entry.assurance];
};
const matching = async (q: string) =>
  (await callApi<{ items: { id: string }[] }>(worker, `/customers?where=${encodeURIComponent(q)}&limit=50`)).items.map(
    ({ id }) => id,
  );

describe('a field that is filled from a trait', () => {
  it('takes what was told before it was defined, and what comes after', async () => {
    await identify('ann@own.example', { plan: 'gold' }, { days: 3 });
    await define('plan', 'choice', ['plan'], ['silver', 'gold']);
    expect(await standing('ann@own.example', 'plan')).toEqual(['gold', 'asserted']);
    await identify('ann@own.example', { Plan: 'Silver ' }, { days: 2 });
    await minute(worker);
    expect(await standing('ann@own.example', 'plan')).toEqual(['silver', 'asserted']);
    // What was said earlier and arrives later changes nothing.
    await identify('ann@own.example', { plan: 'gold' }, { days: 20 });
    await minute(worker);
    expect(await standing('ann@own.example', 'plan')).toEqual(['silver', 'asserted']);
  });

  it('is found by rules, by search and in exports', async () => {
    const id = await idOf('ann@own.example');
    expect(await matching('x.plan = "silver"')).toEqual([id]);
    const found = await callApi<{ items: { id: string }[] }>(worker, '/customers?q=silver');
    expect(found.items.map((one) => one.id)).toEqual([id]);
    expect(await matching('x.plan = "gold"')).toEqual([]);
    const lines = await callApi(worker, '/exports/customers?format=json');
    expect(JSON.stringify(lines)).toContain('"plan":"silver"');
    const held = await callApi<{ holdings: { table: string; rows: { field?: string; value?: string }[] }[] }>(
      worker,
      `/customers/${id}/export`,
    );
    const rows = held.holdings.find(({ table }) => table === 'profile')?.rows ?? [];
    expect(rows.find(({ field }) => field === 'x:plan')?.value).toBe('silver');
  });

  it('keeps out what does not fit, says so, and takes it once it fits', async () => {
    expect(await identify('bea@own.example', { plan: 'platinum' })).toBe(200);
    await minute(worker);
    expect((await read('bea@own.example')).plan).toBeUndefined();
    const told = await callApi<{
      items: { name: string; times: number; examples: string[]; fields: string[] }[];
      keptOut: { field: string; times: number; why: string }[];
    }>(worker, '/told-names');
    expect(told.keptOut).toEqual([{ field: 'plan', times: 1, why: '“platinum” is none of silver, gold' }]);
    expect(told.items.find(({ name }) => name.toLowerCase() === 'plan')).toMatchObject({ times: 4, fields: ['plan'] });
    await revise('plan', { choices: ['silver', 'gold', 'platinum'] });
    expect(await standing('bea@own.example', 'plan')).toEqual(['platinum', 'asserted']);
    expect(await standing('ann@own.example', 'plan')).toEqual(['silver', 'asserted']);
    // And lets go of what fits no more.
    await revise('plan', { choices: ['silver', 'gold'] });
    expect((await read('bea@own.example')).plan).toBeUndefined();
  });

  it('shows what a public key says as a claim, which stands behind what a source says', async () => {
    await identify('cleo@own.example', { plan: 'silver' }, { days: 9 });
    const page = async (email: string, plan: string) => {
      await identify(email, { plan }, { key: sdk.writeKey, days: 1 });
      await minute(worker);
    };
    await page('only-claimed@own.example', 'gold');
    expect(await standing('only-claimed@own.example', 'plan')).toEqual(['gold', 'claimed']);
    await page('cleo@own.example', 'gold');
    const all = await holdersOf(worker, 'email:cleo@own.example');
    expect(all).toHaveLength(2);
    expect(await standing('cleo@own.example', 'plan')).toEqual(['silver', 'asserted']);
  });

  it('reads numbers, days and yes or no as they are written, and never throws', async () => {
    await define('seats', 'number');
    await define('renews', 'date', ['renewal day', 'renews_at']);
    await define('vip', 'yes_no', ['isVip']);
    await identify('dora@own.example', { seats: 12.5, renews_at: '2027-03-01T10:00:00Z', is_vip: true });
    await identify('emil@own.example', { seats: 'many', 'renewal day': '31.12.2026', isVip: 'perhaps' });
    await identify('odd@own.example', { seats: {}, renews_at: [], is_vip: null, plan: '' });
    await minute(worker);
    const values = async (email: string) =>
      Object.fromEntries(Object.entries(await read(email)).map(([key, entry]) => [key, entry?.value]));
    expect(await values('dora@own.example')).toEqual({ seats: '12.5', renews: '2027-03-01', vip: 'yes' });
    expect(await values('emil@own.example')).toEqual({ renews: '2026-12-31' });
    expect(await values('odd@own.example')).toEqual({});
  });

  it('lets the word of staff stand over it until that is taken back', async () => {
    const id = await idOf('ann@own.example');
    const say = (plan: string | null) =>
      callApi(worker, `/customers/${id}`, { method: 'PATCH', body: { fields: { plan } } });
    await say('gold');
    await identify('ann@own.example', { plan: 'silver' }, { days: 0 });
    await minute(worker);
    expect(await standing('ann@own.example', 'plan')).toEqual(['gold', 'staff']);
    await say(null);
    expect(await standing('ann@own.example', 'plan')).toEqual(['silver', 'asserted']);
  });

  it('is shown as of a past day, as it was told by then', async () => {
    const on = async (days: number) => (await read('ann@own.example', daysAgo(days)))?.plan?.value;
    expect([await on(30), await on(10), await on(2.5), await on(1.5)]).toEqual([undefined, 'gold', 'gold', 'silver']);
  });
});

describe('a field that is filled from other sources', () => {
  it('takes the answer to a question of a form, as a claim', async () => {
    await define('size', 'text', ['shirt size', 'What is your shirt size?', 'T-Shirt']);
    const send = (fields: Record<string, string>) =>
      deliver(worker, form, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ name: 'Fay Form', ...fields }).toString(),
      });
    await send({ email: 'fay@own.example', shirt_size: 'M', message: 'Hello there' });
    await send({ email: 'gil@own.example', 'What is your shirt size?': 'XL' });
    await minute(worker);
    expect(await standing('fay@own.example', 'size')).toEqual(['M', 'claimed']);
    expect(await standing('gil@own.example', 'size')).toEqual(['XL', 'claimed']);
  });

  it('takes the column of a file, again when the file comes again with a new field', async () => {
    const plan = planOf({ kind: 'customers', header: ['Email', 'T-shirt', 'Notes'], columns: { email: 0 } });
    const bring = (text: string) => importFile(askOf(worker), { text }, plan);
    const file = 'Email,T-shirt,Notes\nhal@own.example,S,secret\nivy@own.example,,none\n';
    await bring(file);
    await minute(worker);
    expect(await standing('hal@own.example', 'size')).toEqual(['S', 'asserted']);
    expect((await read('ivy@own.example')).size).toBeUndefined();
    const kept = async () =>
      (
        await db
          .prepare("SELECT group_concat(data) AS all_of FROM touchpoint WHERE message_id LIKE 'import:%'")
          .first<{ all_of: string }>()
      )?.all_of;
    expect(await kept()).not.toContain('secret');
    await define('note', 'text', ['Notes']);
    await bring(file);
    await minute(worker);
    expect(await standing('hal@own.example', 'note')).toEqual(['secret', 'asserted']);
  });

  const answer = (identity: object, visitor: string = crypto.randomUUID()) =>
    deliver(worker, site, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        visitor,
        locale: 'en',
        page: { url: 'https://shop.example/', title: '', referrer: '' },
        identity,
        events: [
          {
            id: crypto.randomUUID(),
            at: Date.now(),
            type: 'survey_answered',
            answers: [{ question: 'nps', value: 9 }],
          },
        ],
      }),
    });
  const tokenFor = (facts: object) => {
    const payload = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 600, ...facts })).toString(
      'base64url',
    );
    return `${payload}.${createHmac('sha256', site.secret).update(payload).digest('hex')}`;
  };

  it('takes what the page says as a claim, also beside a token, and what the token says as proved', async () => {
    await answer({ email: 'jo@own.example', traits: { shirt_size: 'L', odd: { deep: 1 } } });
    await answer({ token: tokenFor({ email: 'kai@own.example' }), traits: { shirt_size: 'XXL' } });
    await answer({
      token: tokenFor({ email: 'lea@own.example', traits: { shirt_size: 'XS' } }),
      traits: { shirt_size: 'L' },
    });
    await minute(worker);
    expect(await standing('jo@own.example', 'size')).toEqual(['L', 'claimed']);
    expect(await standing('kai@own.example', 'size')).toEqual(['XXL', 'claimed']);
    expect(await standing('lea@own.example', 'size')).toEqual(['XS', 'verified']);
  });
});

describe('who is joined, parted and erased', () => {
  it('has the best assured value of both, and after parting each their own', async () => {
    await identify('mia@own.example', { plan: 'gold' }, { days: 5 });
    await identify('ned@own.example', { plan: 'silver' }, { days: 2 });
    await minute(worker);
    const before = [await read('mia@own.example'), await read('ned@own.example')];
    const [mia, ned] = [await idOf('mia@own.example'), await idOf('ned@own.example')];
    const { decisionId } = await callApi<{ decisionId: string }>(worker, `/customers/${mia}/merge`, {
      method: 'POST',
      body: { from: ned, reason: 'one person' },
    });
    expect(await standing('mia@own.example', 'plan')).toEqual(['silver', 'asserted']);
    await callApi(worker, `/decisions/${decisionId}/revoke`, { method: 'POST', body: { reason: 'two after all' } });
    expect([await read('mia@own.example'), await read('ned@own.example')]).toEqual(before);
  });

  it('leaves no trace once erased, also when the field is filled anew', async () => {
    await identify('olga@own.example', { size: 'OLGASIZE' });
    await revise('size', { filledFrom: ['size', 'shirt size'] });
    const id = await idOf('olga@own.example');
    expect((await callApi<{ items: unknown[] }>(worker, '/customers?q=OLGASIZE')).items).toHaveLength(1);
    await callApi(worker, `/customers/${id}`, { method: 'DELETE' });
    await revise('size', { filledFrom: ['size', 'shirt size', 'T-Shirt'] });
    await minute(worker);
    for (const sql of [
      "SELECT count(*) AS n FROM profile WHERE value = 'OLGASIZE'",
      "SELECT count(*) AS n FROM touchpoint WHERE data LIKE '%OLGASIZE%'",
      "SELECT count(*) AS n FROM customer_search WHERE text LIKE '%OLGASIZE%'",
    ])
      expect(await db.prepare(sql).first<{ n: number }>(), sql).toEqual({ n: 0 });
  });

  it('keeps what is held when a field is archived, and cannot be dropped while anything is', async () => {
    const dropped = await worker.dispatchFetch('http://rapport.test/api/v1/custom-fields/plan', {
      method: 'DELETE',
      headers: { authorization: 'Bearer an-admin-token-for-tests' },
    });
    expect(dropped.status).toBe(409);
    await revise('plan', { isArchived: true });
    await identify('pia@own.example', { plan: 'gold' });
    await minute(worker);
    expect((await read('pia@own.example')).plan).toBeUndefined();
    expect(await standing('mia@own.example', 'plan')).toEqual(['gold', 'asserted']);
    await revise('plan', { isArchived: false });
    await minute(worker);
    expect(await standing('pia@own.example', 'plan')).toEqual(['gold', 'asserted']);
  });
});

describe('what was told before this was read', () => {
  it('is worth the least of what its person is known by, and never more than it would be today', async () => {
    const all = async () =>
      new Map(
        (
          await db
            .prepare('SELECT seq, assurance FROM touchpoint WHERE assurance IS NOT NULL')
            .all<{ seq: number; assurance: number }>()
        ).results.map(({ seq, assurance }) => [seq, assurance]),
      );
    const today = await all();
    const file = readFileSync('schema/migrations/0029_filled_fields.sql', 'utf8');
    const update = file.split(';').find((sql) => sql.includes('UPDATE touchpoint')) ?? '';
    // Files brought no columns then.
    await db.prepare("UPDATE touchpoint SET assurance = NULL WHERE data -> '$.columns' IS NULL").run();
    await db.prepare(update.replaceAll(/^--.*$/gm, '')).run();
    const migrated = await all();
    expect([...migrated.keys()].sort()).toEqual([...today.keys()].sort());
    expect([...migrated].filter(([seq, assurance]) => assurance > (today.get(seq) ?? 0))).toEqual([]);
    expect([...migrated.values()].filter((assurance) => assurance === 2).length).toBeGreaterThan(5);
    for (const [seq, assurance] of today)
      await db.prepare('UPDATE touchpoint SET assurance = ?2 WHERE seq = ?1').bind(seq, assurance).run();
  });
});

describe('what is kept', () => {
  it('is what the touchpoints say when they are read anew, in whatever order they came', async () => {
    await define('colour', 'choice', ['colour', 'color'], ['red', 'green', 'blue']);
    let world = 0;
    const said = fc.record({
      who: fc.nat(2),
      colour: fc.constantFrom('red', 'green', 'blue', 'mauve', ''),
      day: fc.integer({ min: 1, max: 6 }),
      isPublic: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 8 }), async (words) => {
        world++;
        const address = (who: number) => `w${world}-${who}@colour.example`;
        for (const { who, colour, day, isPublic } of words)
          await identify(address(who), { colour }, { days: day, ...(isPublic && { key: sdk.writeKey }) });
        await minute(worker);
        const held = async (at: string) => {
          const people = await Promise.all([0, 1, 2].map(async (who) => holdersOf(worker, `email:${address(who)}`)));
          return Promise.all(
            people.flat().map(async ({ id }) => {
              const { fields } = await callApi<Customer>(worker, `/customers/${id}${at}`);
              return [id, fields.colour?.value, fields.colour?.assurance, fields.colour?.at];
            }),
          );
        };
        const kept = await held('');
        expect(await held(`?at=${new Date().toISOString()}`)).toEqual(kept);
        await revise('colour', { filledFrom: ['colour', 'color', `other ${world}`] });
        expect(await held('')).toEqual(kept);
      }),
      { numRuns: Number(process.env.RUNS ?? 4) },
    );
  });
});

describe('names that anybody may make up', () => {
  type Told = { readonly items: readonly { readonly name: string }[] };

  it('push out none that a source vouches for, and stay a list to be read', async () => {
    await identify('rosa@own.example', { shoeColour: 'blue' });
    const batch = (turn: number) =>
      track(worker, sdk.writeKey, 'batch', {
        batch: Array.from({ length: 60 }, (_, at) => ({
          type: 'identify',
          anonymousId: crypto.randomUUID(),
          messageId: `made-up-${turn}-${at}`,
          traits: Object.fromEntries(
            Array.from({ length: 30 }, (_, n) => [`made_up_${turn}_${at}_${n}`, 'y'.repeat(400)]),
          ),
        })),
      });
    for (let turn = 0; turn < 17; turn++) expect(await batch(turn)).toBe(200);
    const told = await callApi<Told>(worker, '/told-names');
    expect(told.items.findIndex(({ name }) => name === 'shoeColour')).toBeLessThan(20);
    expect(told.items.length).toBeLessThan(230);
    expect(JSON.stringify(told).length).toBeLessThan(100_000);
  });
});
