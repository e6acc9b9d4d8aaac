import { afterAll, describe, expect, it } from 'vitest';
import { addSource, deliver, orderBody, shopifyDelivery } from '../support/shop.ts';
import { signIn } from '../support/staff.ts';
import { ADMIN_TOKEN, callApi, startWorker } from '../support/worker.ts';

/** How long people are kept: nobody is erased by one press of a button. */
const worker = startWorker();
afterAll(() => worker.dispose());
const staff = await signIn(worker);
const shop = await addSource(worker, 'shopify', { secret: 'retention-secret' });
const DAY = 24 * 3600 * 1000;

let turn = 0;
const buy = (name: string, daysAgo: number) =>
  deliver(
    worker,
    shop,
    shopifyDelivery(
      'retention-secret',
      'orders/create',
      `retention ${++turn}`,
      orderBody({
        id: 80_000 + turn,
        customer: turn,
        email: `quiet${turn}@retention.example`,
        name,
        createdAt: new Date(Date.now() - daysAgo * DAY).toISOString(),
      }),
    ),
  );
await buy('Ina Quiet', 500);
await buy('Ola Quieter', 700);
await buy('Uma Lively', 5);

type Rules = { visitorDays: number | null; inactiveDays: number | null };
const rules = async () => {
  const { visitorDays, inactiveDays } = await callApi<Rules>(worker, '/retention');
  return { visitorDays, inactiveDays };
};
const OFF = { visitorDays: null, inactiveDays: null };

const change = async (body: object) => {
  const response = await worker.dispatchFetch('http://rapport.test/api/v1/retention', {
    method: 'PATCH',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, type: response.headers.get('content-type'), told: await response.text() };
};

/** What the page answers to the form of the rules. */
const send = async (form: Readonly<Record<string, string>>) => {
  const response = await staff.ask('/privacy/retention', { visitors: '', inactive: '', act: 'save', ...form });
  return {
    status: response.status,
    to: response.headers.get('location'),
    page: (await response.text()).replaceAll('<!-- -->', ''),
  };
};
const seenIn = (page: string): string => / name="seen" value="([^"]*)"/.exec(page)?.[1] ?? 'none';

describe('a rule of retention under which somebody would go now', () => {
  it('shows who it would be before it is saved', async () => {
    const { status, page } = await send({ inactive: '400' });
    expect(status).toBe(200);
    expect(page).toContain('2 records would go now.');
    expect(page).toMatch(/href="\/customers\/[^"]+"[^>]*>Ola Quieter/);
    expect(page).not.toContain('Uma Lively');
    const list = /href="(\/customers\?where=[^"]+)"/.exec(page)?.[1] ?? '';
    const listed = await staff.textOf(list);
    expect(listed).toContain('Ina Quiet');
    expect(listed).not.toContain('Uma Lively');
    expect(await rules()).toEqual(OFF);
  });

  it('is saved by nothing but the word, typed over what was shown', async () => {
    const seen = seenIn((await send({ inactive: '400' })).page);
    const untyped = await send({ inactive: '400', seen, confirmation: 'yes' });
    expect([untyped.status, untyped.page.includes('Type the word')]).toEqual([422, true]);
    // Other days than were shown, a number made up, and the word without having seen anything.
    expect((await send({ inactive: '600', seen, confirmation: 'erase' })).status).toBe(422);
    expect((await send({ inactive: '400', seen: '/400/1', confirmation: 'erase' })).status).toBe(422);
    expect((await send({ inactive: '400', confirmation: 'erase' })).page).toContain('Nothing is saved yet');
    expect(await rules()).toEqual(OFF);
    expect((await send({ inactive: '400', seen, confirmation: ' Erase ' })).to).toBe('/privacy?done=saved');
    expect(await rules()).toEqual({ ...OFF, inactiveDays: 400 });
  });

  it('needs no word where it takes nobody new: more days, the same, none, or nobody so quiet', async () => {
    for (const form of [{ inactive: '400' }, { inactive: '600' }, {}, { inactive: '9000' }, { visitors: '90' }])
      expect([form, (await send(form)).to]).toEqual([form, '/privacy?done=saved']);
    expect(await rules()).toEqual({ visitorDays: 90, inactiveDays: null });
    expect((await send({})).to).toBe('/privacy?done=saved');
  });

  it('is refused by the API until the number of people is confirmed, and the refusal tells it', async () => {
    const refused = await change({ inactiveDays: 400 });
    expect([refused.status, refused.type]).toEqual([409, 'application/problem+json']);
    expect(JSON.parse(refused.told)).toMatchObject({ code: 'unconfirmed', errors: [{ path: 'confirm' }] });
    expect(refused.told).toContain('2 records would be erased');
    expect((await change({ inactiveDays: 400, confirm: 3 })).status).toBe(409);
    expect(await rules()).toEqual(OFF);
    expect((await change({ inactiveDays: 400, confirm: 2 })).status).toBe(200);
    expect((await change({ inactiveDays: 500 })).status).toBe(200);
    expect((await change({ inactiveDays: null })).status).toBe(200);
  });
});
