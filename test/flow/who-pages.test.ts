import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSource, deliver, holdersOf, orderBody, shopifyDelivery } from '../support/shop.ts';
import { signIn } from '../support/staff.ts';
import { callApi, startWorker } from '../support/worker.ts';

/** Editing a record by its pages, as a browser without scripts does. */
const worker = startWorker();
const SECRET = 'a-shopify-signing-secret';
let customer = '';
afterAll(() => worker.dispose());

const { ask } = await signIn(worker);
type Customer = {
  displayName: string;
  owner: string | null;
  profile: Record<string, { value: string; saidBy: string | null } | undefined>;
  fields: Record<string, { value: string } | undefined>;
  occasions: { what: string }[];
};
const read = () => callApi<Customer>(worker, `/customers/${customer}`);

/** What the form of the record sends when nothing is touched: each control beside what it held. */
async function untouched(): Promise<Record<string, string>> {
  const html = await (await ask(`/customers/${customer}/edit`)).text();
  const fields = [...html.matchAll(/<input type="hidden" name="was:([^"]+)"(?: value(?:="([^"]*)")?)?/g)];
  return Object.fromEntries(
    fields.flatMap(([, field = '', escaped = '']) => {
      const value = escaped.replaceAll('&amp;', '&');
      return [
        [field, value],
        [`was:${field}`, value],
      ];
    }),
  );
}
const save = (form: Record<string, string>) => ask(`/customers/${customer}/edit`, form);

beforeAll(async () => {
  const shop = await addSource(worker, 'shopify', { secret: SECRET });
  const order = { id: 1, customer: 1, email: 'uma@pages.example', name: 'Uma Page', createdAt: '2026-01-05T10:00:00Z' };
  await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', 'e1', orderBody(order)));
  customer = (await holdersOf(worker, 'email:uma@pages.example'))[0]?.id ?? '';
});

describe('the form of a record', () => {
  it('says only what was changed in it: two who have it open lose nothing of each other', async () => {
    const [mine, yours] = [await untouched(), await untouched()];
    expect(mine.name).toBe('Uma Page');
    expect((await save({ ...mine, city: 'Porto' })).status).toBe(303);
    expect((await save({ ...yours, company: 'Page & Co', name: 'Uma P.' })).status).toBe(303);
    const { profile } = await read();
    expect([profile.city?.value, profile.company?.value, profile.name?.value]).toEqual([
      'Porto',
      'Page & Co',
      'Uma P.',
    ]);
  });

  it('keeps a country and a language by their codes, whatever they are called, and shows them by name', async () => {
    expect((await save({ ...(await untouched()), country: 'Polska', language: 'Polish' })).status).toBe(303);
    const { profile } = await read();
    expect([profile.country?.value, profile.language?.value]).toEqual(['PL', 'pl']);
    const shown = await untouched();
    expect([shown.country, shown.language]).toEqual(['Poland', 'Polish']);
    await save({ ...shown, country: 'germany' });
    expect((await read()).profile.country?.value).toBe('DE');
    const log = (await (await ask(`/customers/${customer}/changes`)).text()).replaceAll('<!-- -->', '');
    expect(log).toMatch(/from <span dir="auto">“Poland”<\/span>.*<b dir="auto">Germany<\/b>/s);
    const { items } = await callApi<{ items: { id: string }[] }>(worker, '/customers?where=country%20%3D%20%22DE%22');
    expect(items.map(({ id }) => id)).toEqual([customer]);
  });

  it('takes no country and no language that there is not', async () => {
    for (const wrong of [{ country: 'Narnia' }, { language: 'Klingon' }, { country: 'XX' }, { language: 'xx' }]) {
      const response = await save({ ...(await untouched()), ...wrong });
      expect([wrong, response.status]).toEqual([wrong, 422]);
      const html = await response.text();
      expect(html).toMatch(/This is no (country|language) we know; write its name, such as/);
      expect(html).toContain(`value="${Object.values(wrong)[0]}"`);
    }
    expect((await read()).profile.country?.value).toBe('DE');
  });

  it('takes back what is ticked or emptied', async () => {
    const form = await untouched();
    await save({ ...form, 'back:name': '1', company: '' });
    const { displayName, profile } = await read();
    expect(displayName).toBe('Uma Page');
    expect(profile.company).toBeUndefined();
    expect(profile.city?.value).toBe('Porto');
  });

  it('keeps what was typed when something does not fit, and saves nothing of it', async () => {
    const response = await save({
      ...(await untouched()),
      city: 'Braga',
      language: 'not a language',
      'new-occasion': 'birthday',
      'new-day': '02-31',
      until: '2001-01-01',
    });
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toContain('value="Braga"');
    expect(html).toContain('Write a day to come');
    const again = await save({
      ...(await untouched()),
      city: 'Braga',
      language: 'not a language',
      'new-occasion': 'birthday',
      'new-day': '02-31',
    });
    const faults = await again.text();
    expect(faults).toContain('This is no language');
    expect(faults).toContain('This is no day');
    expect((await read()).profile.city?.value).toBe('Porto');
  });

  it('offers to send a link to their own data only where there is an address to send it to', async () => {
    expect(await (await ask(`/customers/${customer}`)).text()).toContain('Send a preference link');
    const made = await callApi<{ id: string }>(worker, '/customers', {
      method: 'POST',
      body: {
        person: { name: 'Nils Adrift', phone: '+48500600700' },
        contact: { kind: 'note_added', text: 'Rang up' },
      },
    });
    const html = await (await ask(`/customers/${made.id}`)).text();
    expect(html).toContain('Make a preference link to hand over');
    expect(html).not.toContain('Send a preference link');
  });

  it.each([
    ['the day, where that is none', 'Birthday', '03-33', 'new-day-fault', /no day; write it like 03-14/],
    ['the day, where it is missing', 'Birthday', '', 'new-day-fault', /Write its day/],
    ['the name, where that is missing', '', '03-14', 'new-occasion-fault', /Say what the occasion is/],
  ])('says of another occasion what does not fit under %s', async (_, what, day, place, words) => {
    const answer = await save({ ...(await untouched()), 'new-occasion': what, 'new-day': day });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    const faults = [...html.matchAll(/id="(new-(?:day|occasion)-fault)"[^>]*>([^<]*)/g)];
    expect(faults).toEqual([expect.arrayContaining([place, expect.stringMatching(words)])]);
  });

  it('asks for the fields of one’s own, and for occasions', async () => {
    expect((await ask('/fields', { label: 'Shoe size', kind: 'number' })).headers.get('location')).toBe(
      '/fields?done=saved',
    );
    expect((await ask('/fields', { label: 'Shoe size', kind: 'number' })).status).toBe(422);
    expect((await ask('/fields', { label: 'Plan', kind: 'choice', choices: '' })).status).toBe(422);
    await save({ ...(await untouched()), 'x:shoe_size': '41,5', 'new-occasion': 'Birthday', 'new-day': '1990-06-01' });
    const record = await read();
    expect(record.fields.shoe_size?.value).toBe('41.5');
    expect(record.occasions.map(({ what }) => what)).toContain('birthday');
    const html = await (await ask(`/customers/${customer}`)).text();
    expect(html).toContain('Shoe size');
    expect(html).toContain('1 June 1990');
    await ask('/fields/shoe_size', { label: 'Foot', archived: '1' });
    expect(await (await ask(`/customers/${customer}/edit`)).text()).not.toContain('x:shoe_size');
  });
});

describe('the team', () => {
  it('gives a session a name, under which it writes until it says otherwise', async () => {
    await ask('/team', { name: 'Ann Keeper', email: '' });
    expect((await ask('/team', { name: '', email: 'nothing' })).status).toBe(422);
    const [ann] = (await callApi<{ items: { id: string }[] }>(worker, '/staff-members')).items;
    await ask('/team/me', { member: ann?.id ?? '' });
    await save({ ...(await untouched()), city: 'Faro', owner: ann?.id ?? '' });
    expect((await read()).profile.city?.saidBy).toBe('Ann Keeper');
    expect(await (await ask(`/customers?owner=${ann?.id}`)).text()).toContain('Uma Page');
    const changes = await (await ask(`/customers/${customer}/changes`)).text();
    expect(changes).toContain('Ann Keeper');
    await ask('/team/me', { member: '' });
    await save({ ...(await untouched()), city: 'Lagos' });
    expect((await read()).profile.city?.saidBy).toBe('staff');
  });

  it('tells on the overview whose day comes round', async () => {
    const today = new Date().toISOString().slice(5, 10);
    await save({ ...(await untouched()), 'new-occasion': 'name day', 'new-day': today });
    expect(await (await ask('/')).text()).toMatch(/Coming up.*Uma Page.*name day/s);
  });
});
