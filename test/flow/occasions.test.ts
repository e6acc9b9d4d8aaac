import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comingOccasions } from '../../worker/record/occasions.ts';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { databaseOver, type Run, startWithSql } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** Days that come round: birthdays, occasions of the business's own, and the day of the first order. */
const { worker, db, raw } = await startWithSql();
afterAll(() => worker.dispose());
const ORIGIN = 'http://rapport.test';
const SECRET = 'occasions-secret';
const DAY = 24 * 3600_000;
const shop = await addSource(worker, 'shopify', { secret: SECRET });

/** A moment so many years before the day that is so many days ahead. */
function yearsBefore(years: number, ahead: number): string {
  const day = new Date(Date.now() + ahead * DAY);
  day.setUTCFullYear(day.getUTCFullYear() - years);
  return day.toISOString();
}
const customers = ['ann', 'bo', 'far', 'cy', 'new', 'dee'];
let turn = 0;
async function buy(email: string, createdAt: string, more: { cancelledAt?: string } = {}): Promise<string> {
  const id = 7_000 + ++turn;
  const name = `${email.split('@')[0]} Page`;
  const customer = customers.indexOf(email.split('@')[0] ?? '') + 1;
  const body = orderBody({ id, customer, email, name, createdAt, ...more });
  await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `o${id}`, body));
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}
const say = (id: string, occasions: object) =>
  callApi(worker, `/customers/${id}`, { method: 'PATCH', body: { occasions } });
const matching = async (where: string) =>
  (
    await callApi<{ items: { displayName: string }[] }>(
      worker,
      `/customers?limit=50&where=${encodeURIComponent(where)}`,
    )
  ).items
    .map(({ displayName }) => displayName.split(' ')[0])
    .sort();
const coming = async (days = 30) =>
  (await comingOccasions(db, Date.now(), { days, ofDay: 8 })).map(
    ({ customerName, what, inDays, years }) => `${customerName?.split(' ')[0]}: ${what} in ${inDays}, ${years}`,
  );

describe('what comes round', () => {
  beforeAll(async () => {
    await buy('ann@days.example', yearsBefore(2, 3));
    await buy('ann@days.example', yearsBefore(1, 5));
    await buy('bo@days.example', yearsBefore(1, 20));
    await buy('far@days.example', yearsBefore(1, 60));
    // Of the orders that count the first: the one that was cancelled is none.
    await buy('cy@days.example', yearsBefore(3, 9), { cancelledAt: yearsBefore(3, 9) });
    await buy('cy@days.example', yearsBefore(1, 4));
    // Today's first order comes round in a year.
    await buy('new@days.example', new Date().toISOString());
    const dee = await buy('dee@days.example', yearsBefore(1, 6));
    await say(dee, { 'first order': yearsBefore(5, 2).slice(0, 10), birthday: yearsBefore(30, 7).slice(0, 10) });
  });

  it('is the next one first, of the first order that counts, unless staff say otherwise', async () => {
    expect(await coming()).toEqual([
      'dee: first order in 2, 5',
      'ann: first order in 3, 2',
      'cy: first order in 4, 1',
      'dee: birthday in 7, 30',
      'bo: first order in 20, 1',
    ]);
    expect(await coming(3)).toEqual(['dee: first order in 2, 5', 'ann: first order in 3, 2']);
  });

  it('is asked for by rules in the same words', async () => {
    expect(await matching('anniversary within 7 days')).toEqual(['ann', 'cy', 'dee']);
    expect(await matching('anniversary within 30 days')).toEqual(['ann', 'bo', 'cy', 'dee']);
    expect(await matching(`anniversary on ${new Date(Date.now() + 20 * DAY).toISOString().slice(0, 10)}`)).toEqual([
      'bo',
    ]);
    expect(await matching('birthday within 7 days')).toEqual(['dee']);
    expect(await matching('birthday within 6 days')).toEqual([]);
    expect(await matching('has birthday')).toEqual(['dee']);
    expect(await matching('anniversary unknown')).toEqual([]);
  });

  it('is that of the whole record while two are joined, and of each again when they are parted', async () => {
    const before = await coming();
    const [ann, bo] = [
      await buy('ann@days.example', yearsBefore(0, -1)),
      await buy('bo@days.example', yearsBefore(0, -1)),
    ];
    const { decisionId } = await callApi<{ decisionId: string }>(worker, `/customers/${ann}/merge`, {
      method: 'POST',
      body: { from: bo, reason: 'one person' },
    });
    // One person with one anniversary, called as they were called last.
    expect((await coming()).filter((line) => /^(ann|bo):/.test(line))).toEqual(['bo: first order in 3, 2']);
    await callApi(worker, `/decisions/${decisionId}/revoke`, { method: 'POST', body: { reason: 'two after all' } });
    expect(await coming()).toEqual(before);
  });

  it('stands on the overview, with where to see all of it', async () => {
    const answer = await worker.dispatchFetch(`${ORIGIN}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: ADMIN_TOKEN }).toString(),
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    const html = await (await worker.dispatchFetch(`${ORIGIN}/`, { headers: { cookie } })).text();
    const from = html.indexOf('id="occasions"');
    const card = html.slice(from, html.indexOf('</section>', from));
    expect(card).toMatch(/In the next 7 days.*ann Page.*first order.*2 years ago.*In the next 30 days.*bo Page/s);
    expect(card).toContain('/customers?where=anniversary%20within%2030%20days');
    expect(card).not.toContain('far Page');
  });
});

describe('among many', () => {
  it('reads what it shows, and not everybody who ordered or was born on the day', async () => {
    const MANY = 20_000;
    const at = Date.parse(yearsBefore(2, 10));
    await db.batch([
      db.prepare(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})
         INSERT INTO new_person (source_id, key, public_id, created_at) SELECT (SELECT min(id) FROM source), 'many:' || i, 'many-' || i, 0 FROM n`,
      ),
      db.prepare("UPDATE customer SET is_known = 1 WHERE public_id LIKE 'many-%'"),
      db.prepare(
        `INSERT INTO orders (source_id, external_id, fragment_id, person_rank, person_as_of, as_of, total_minor, currency, placed_at)
         SELECT source_id, 'many-' || id, id, 1, 0, ${at}, 100, 'EUR', ${at} + (id % 3) * ${DAY} FROM fragment WHERE key LIKE 'many:%'`,
      ),
      db.prepare(
        `INSERT INTO edit (fragment_id, field, value, at, actor)
         SELECT id, 'occasion:birthday', strftime('%Y-%m-%d', ${at} / 1000, 'unixepoch'), 1, 'staff' FROM fragment WHERE key LIKE 'many:%'`,
      ),
    ]);
    let read = 0;
    const counting: Run = async (statements) => {
      const results = await raw(statements);
      for (const { meta } of results) read += meta.rows_read;
      return results;
    };
    const found = await comingOccasions(databaseOver(counting), Date.now(), { days: 30, ofDay: 8 });
    expect(found.filter(({ customerName }) => customerName === null)).toHaveLength(32);
    expect(read).toBeLessThan(600);
  });
});
