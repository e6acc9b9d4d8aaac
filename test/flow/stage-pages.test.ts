import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setStage } from '../../worker/record/stages/override.ts';
import { stillClock } from '../support/record.ts';
import { settleStages } from '../support/relationships.ts';
import { addSource, deliver } from '../support/shop.ts';
import { SIGNERS } from '../support/sign.ts';
import { databaseOver, startWithSql } from '../support/sql.ts';
import { signIn } from '../support/staff.ts';
import { asAdmin, callApi } from '../support/worker.ts';

/** Stages as staff and integrators see them: through the doors, by the API, on the pages. */
const { worker, run } = await startWithSql();
afterAll(() => worker.dispose());
const db = databaseOver(run);
const ORIGIN = 'http://rapport.test';
const DAY = 24 * 3600 * 1000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();
const minute = async () => void (await (await worker.getWorker()).scheduled({}));

const { ask } = await signIn(worker);

type Rules = Record<'dissolution' | 'commitment' | 'expansion' | 'exploration', string>;
type Stretch = {
  stage: string;
  initiator: string;
  because: unknown[];
  evidence: { kind: string }[];
  reason: string | null;
};
type Course = { stage: string; since: string; nextAt: string | null; course: Stretch[] };
type Preview = {
  total: number;
  moves: { from: string; to: string; count: number; examples: { customerId: string }[] }[];
};
const rulesInUse = async (): Promise<Rules> =>
  (await callApi<{ items: { rules: Rules }[] }>(worker, '/stages/rules')).items[0]?.rules ?? ({} as Rules);
const post = <T>(path: string, body: unknown, method = 'POST') => callApi<T>(worker, path, { method, body });
const idOf = async (email: string): Promise<string> =>
  (await callApi<{ items: { id: string }[] }>(worker, `/customers?identifier=email:${email}`)).items[0]?.id ?? '';
const courseOf = (id: string) => callApi<Course>(worker, `/customers/${id}/stages`);

let shop: { id: string; url: string };
let serial = 0;
/** What a server of the business tells, by Standard Webhooks. */
async function tell(email: string, type: string, days: number, data: Record<string, unknown> = {}): Promise<void> {
  const body = JSON.stringify({ type, timestamp: ago(days), data: { customer_id: email, email, ...data } });
  const signed = SIGNERS.standard_webhooks?.sign(body, { secret: SECRET, now: Date.now(), id: `m${serial++}` });
  const headers = { ...signed?.headers, 'content-type': 'application/json' };
  const { status, text } = await deliver(worker, shop, { body, headers });
  expect(status, text).toBe(200);
}
const SECRET = 'whsec_c3RhZ2VzLWFyZS1yZWFkLW9mZi10b3VjaHBvaW50cw==';
const order = (email: string, days: number) =>
  tell(email, 'order.placed', days, { order_id: `o${serial}`, amount_minor: 1000, currency: 'EUR' });

beforeAll(async () => {
  shop = await addSource(worker, 'standard_webhooks', { secret: SECRET });
  await tell('seen@example.com', 'customer.created', 3);
  await order('new@example.com', 5);
  for (const days of [40, 10]) await order('again@example.com', days);
  await tell('box@example.com', 'subscription.started', 20, { id: 'sub-1' });
  for (const days of [400, 360]) await order('gone@example.com', days);
  for (const days of [60, 31]) await order('fresh@example.com', days);
  await minute();
});

describe('stages by the API', () => {
  it('count everybody who is known', async () => {
    const { items } = await callApi<{ items: { stage: string; count: number }[] }>(worker, '/stages');
    expect(Object.fromEntries(items.map(({ stage, count }) => [stage, count]))).toEqual({
      awareness: 1,
      exploration: 1,
      expansion: 2,
      commitment: 1,
      dissolution: 1,
    });
  });

  it('are counted over time, of a segment too, and so are endings', async () => {
    type Answered = { series: { name: string; total: { estimate: number } }[] };
    const of = async (path: string) =>
      Object.fromEntries(
        (await callApi<Answered>(worker, path)).series.map(({ name, total }) => [name, total.estimate]),
      );
    expect(await of('/insights/stages')).toMatchObject({ commitment: 1, expansion: 2, dissolution: 1, awareness: 1 });
    const some = `where=${encodeURIComponent('orders >= 2')}`;
    expect(await of(`/insights/stages?${some}`)).toMatchObject({
      commitment: 0,
      expansion: 2,
      dissolution: 1,
      awareness: 0,
    });
    expect(await of('/insights/endings?months=12')).toMatchObject({ 'in silence': 1 });
    expect(await of(`/insights/endings?where=${encodeURIComponent('orders = 1')}`)).toMatchObject({ 'in silence': 0 });
  });

  it('stand on customers and choose among them', async () => {
    const { items } = await callApi<{ items: { id: string; stage: string; stageSince: string }[] }>(
      worker,
      '/customers?stage=commitment',
    );
    expect(items).toMatchObject([{ id: await idOf('box@example.com'), stage: 'commitment' }]);
    expect(await callApi(worker, `/customers/${items[0]?.id}`)).toMatchObject({ stage: 'commitment' });
    const exported = await worker.dispatchFetch(`${ORIGIN}/api/v1/exports/customers?format=csv&stage=commitment`, {
      headers: asAdmin,
    });
    const lines = (await exported.text()).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('commitment');
    const odd = await worker.dispatchFetch(`${ORIGIN}/api/v1/customers?stage=married`, { headers: asAdmin });
    expect(odd.status).toBe(422);
  });

  it('tell the course with what each change rests on', async () => {
    const { course, nextAt } = await courseOf(await idOf('gone@example.com'));
    expect(course.map(({ stage }) => stage)).toEqual(['dissolution', 'exploration', 'expansion', 'exploration']);
    expect(course[0]).toMatchObject({ initiator: 'neither', evidence: [{ kind: 'order_placed' }] });
    expect(nextAt).toBe(null);
    expect((await courseOf(await idOf('new@example.com'))).nextAt).not.toBe(null);
  });

  it('say what is wrong with a rule, at its place', async () => {
    const rules = { ...(await rulesInUse()), expansion: 'orders =>' };
    for (const path of ['/stages/rules', '/stages/preview']) {
      const response = await worker.dispatchFetch(`${ORIGIN}/api/v1${path}`, {
        method: 'POST',
        headers: { ...asAdmin, 'content-type': 'application/json' },
        body: JSON.stringify({ rules }),
      });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ path: 'body.rules.expansion' }] });
    }
  });

  it('preview a rule without writing, and move the same people when it is saved', async () => {
    const before = await rulesInUse();
    const rules = { ...before, expansion: 'orders >= 3' };
    const { total, moves } = await post<Preview>('/stages/preview', { rules });
    expect(total).toBe(2);
    expect(moves).toMatchObject([{ from: 'expansion', to: 'exploration', count: 2 }]);
    expect(moves[0]?.examples.map(({ customerId }) => customerId)).toContain(await idOf('again@example.com'));
    expect((await callApi<{ items: unknown[] }>(worker, '/customers?stage=expansion')).items).toHaveLength(2);
    await post('/stages/rules', { rules, note: 'Three make a habit' });
    await minute();
    const again = await courseOf(await idOf('again@example.com'));
    expect(again.course.map(({ stage }) => stage)).toEqual(['exploration', 'expansion', 'exploration']);
    expect(again.course[0]).toMatchObject({ initiator: 'neither', version: 2 });
    expect((await callApi<{ items: unknown[] }>(worker, '/customers?stage=expansion')).items).toHaveLength(0);
    // What new rules did asks nobody to act.
    expect((await post<Preview>('/stages/preview', { rules: before })).total).toBe(2);
    await post('/stages/rules', { rules: before, judgesPast: true });
    await minute();
    expect((await courseOf(await idOf('again@example.com'))).course.map(({ stage }) => stage)).toEqual([
      'expansion',
      'exploration',
    ]);
  });
});

describe('a stage set by hand', () => {
  it('stands over the rules with its reason, and is taken back', async () => {
    const id = await idOf('seen@example.com');
    const set = await post<Course>(
      `/customers/${id}/stage`,
      { stage: 'commitment', reason: 'signed at the fair' },
      'PUT',
    );
    expect(set).toMatchObject({
      stage: 'commitment',
      course: [{ initiator: 'staff', reason: 'signed at the fair' }, { stage: 'awareness' }],
    });
    const { rules } = { rules: await rulesInUse() };
    expect(await post('/stages/preview', { rules })).toMatchObject({ total: 0, setByHand: 1 });
    expect(await callApi<Course>(worker, `/customers/${id}/stage`, { method: 'DELETE' })).toMatchObject({
      stage: 'awareness',
    });
  });

  it('ends by itself', async () => {
    const id = await idOf('new@example.com');
    const now = Date.now();
    await setStage(
      { db, clock: stillClock(now) },
      id,
      { stage: 'expansion', untilAt: now + 5 * DAY },
      { actor: 'test', reason: 'a try' },
    );
    expect(await courseOf(id)).toMatchObject({ stage: 'expansion', nextAt: new Date(now + 5 * DAY).toISOString() });
    await settleStages(db, now + 5 * DAY - 1);
    expect((await courseOf(id)).stage).toBe('expansion');
    await settleStages(db, now + 5 * DAY);
    expect(await courseOf(id)).toMatchObject({ stage: 'exploration' });
  });

  it.each([
    ['no stage of ours', { stage: 'married', reason: 'x' }],
    ['no reason', { stage: 'expansion', reason: ' ' }],
    ['a time that is over', { stage: 'expansion', reason: 'x', until: '2020-01-01T00:00:00Z' }],
  ])('is refused with %s', async (_what, body) => {
    const response = await worker.dispatchFetch(`${ORIGIN}/api/v1/customers/${await idOf('new@example.com')}/stage`, {
      method: 'PUT',
      headers: { ...asAdmin, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(422);
  });
});

describe('an ending', () => {
  it('asks for attention once, if somebody ended it or it had come further than a first try', async () => {
    const id = await idOf('again@example.com');
    await tell('again@example.com', 'complaint_lost', 0.1);
    await minute();
    await tell('again@example.com', 'page.viewed', 0);
    await minute();
    type Item = { customerId: string; rule: string };
    const items = async () =>
      (await callApi<{ items: Item[] }>(worker, '/attention?limit=100')).items.filter(
        ({ rule }) => rule === 'relationship_ended',
      );
    const open = await items();
    // The one that ended a year ago is history.
    expect(open.map(({ customerId }) => customerId)).toEqual([id]);
  });
});

describe('the pages of stages', () => {
  it('show how many are in each, with a way to them', async () => {
    const page = await (await ask('/stages')).text();
    expect(page).toContain('/customers?stage=dissolution');
    expect(page).toContain('Version 3');
  });

  it('keep what was typed beside what is wrong with it', async () => {
    const response = await ask('/stages', { ...(await rulesInUse()), expansion: 'ordres >= <b>', do: 'save' });
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain('Did you mean &quot;orders&quot;?');
    expect(page).toContain('ordres >= &lt;b>');
    expect(page).toContain('aria-invalid="true"');
  });

  it('show who would move before anything is saved', async () => {
    const rules = { ...(await rulesInUse()), commitment: 'subscriptions >= 2' };
    const response = await ask('/stages', { ...rules, do: 'preview' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('With these rules 1 customer would move');
    expect(await rulesInUse()).not.toEqual(rules);
  });

  it('save a version and work everybody out by it', async () => {
    const response = await ask('/stages', {
      ...(await rulesInUse()),
      commitment: 'subscriptions >= 2',
      note: 'stricter',
      do: 'save',
    });
    expect(response.status).toBe(303);
    expect((await callApi<{ items: unknown[] }>(worker, '/customers?stage=commitment')).items).toEqual([]);
    const page = await (await ask('/stages?version=1')).text();
    expect(page).toContain('With these rules 1 customer would move');
    expect(page).toContain('stricter');
  });

  it('tell on the record why, and take a stage by hand', async () => {
    const id = await idOf('gone@example.com');
    const page = await (await ask(`/customers/${id}`)).text();
    expect(page).toContain('Nobody ended it: it went silent');
    expect(page).toContain('usual time between two orders has passed');
    expect(
      (await ask(`/customers/${id}/stage`, { do: 'set', stage: 'exploration', reason: 'wrote back', until: '' }))
        .status,
    ).toBe(303);
    expect(await (await ask(`/customers/${id}`)).text()).toContain('wrote back');
    expect(
      (await ask(`/customers/${id}/stage`, { do: 'set', stage: 'exploration', reason: '' })).headers.get('location'),
    ).toContain('stage_not_set');
    await ask(`/customers/${id}/stage`, { do: 'release' });
    expect((await courseOf(id)).stage).toBe('dissolution');
    expect((await ask('/customers/nobody/stage', { do: 'release' })).status).toBe(404);
  });
});
