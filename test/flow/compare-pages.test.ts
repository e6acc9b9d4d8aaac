import { afterAll, describe, expect, it } from 'vitest';
import { holdersOf } from '../support/shop.ts';
import { startWithSql } from '../support/sql.ts';
import { signIn } from '../support/staff.ts';
import { addTracking, track } from '../support/tracking.ts';
import { callApi } from '../support/worker.ts';

/** The comparison of two records shows, before they are joined, what stands of them once they are. */
const { worker } = await startWithSql();
afterAll(() => worker.dispose());
const { ask, textOf, leadsTo } = await signIn(worker);
const shop = await addTracking(worker, 'Shop');
const till = await addTracking(worker, 'Till');

const HOUR = 3600_000;
async function person(user: string, traits: object, hoursAgo: number, source = shop): Promise<string> {
  const email = `${user}@compare.example`;
  const timestamp = new Date(Date.now() - hoursAgo * HOUR).toISOString();
  await track(worker, source.secretKey, 'identify', { userId: user, timestamp, traits: { email, ...traits } });
  return (await holdersOf(worker, `email:${email}`))[0]?.id ?? '';
}
const say = (id: string, words: object) => callApi(worker, `/customers/${id}`, { method: 'PATCH', body: words });

/** The cells of a row of the comparison: of the first, of the second, of both as one. */
function rowOf(html: string, name: string): string[] {
  const [, row = ''] = new RegExp(`<th scope="row"[^>]*>${name}</th>(.*?)</tr>`, 's').exec(html) ?? [];
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) =>
    cell
      .replaceAll('</li><li', '</li>, <li')
      .replaceAll(/<[^>]*>/g, '')
      .trim(),
  );
}
type Record_ = {
  displayName: string;
  party: string;
  profile: Record<string, { value: string } | undefined>;
  fields: Record<string, { value: string } | undefined>;
};

describe('two records side by side', () => {
  it('name who they would be as one: what is newer of two sources, and what staff say over both', async () => {
    const older = await person('ada', { name: 'Ada Old', address: { city: 'Porto', country: 'PT' } }, 48);
    const newer = await person('ada2', { name: 'Ada New', address: { city: 'Lublin' } }, 2, till);
    await say(older, { city: 'Braga' });
    // Whichever of the two stands first.
    for (const [a, b] of [
      [older, newer],
      [newer, older],
    ]) {
      const html = await textOf(`/customers/${a}/compare/${b}`);
      expect(rowOf(html, 'Name')[2]).toBe('Ada New');
      expect(rowOf(html, 'City')[2]).toBe('Braga');
      expect(rowOf(html, 'Country')[2]).toBe('Portugal');
    }
    await leadsTo(`/customers/${older}/compare/${newer}`, { decision: 'merge', reason: 'Told us' });
    const { displayName, profile } = await callApi<Record_>(worker, `/customers/${older}`);
    expect([displayName, profile.city?.value, profile.country?.value]).toEqual(['Ada New', 'Braga', 'PT']);
  });

  it('show the business’s own fields, occasions, the kind of party and organisations', async () => {
    await callApi(worker, '/custom-fields', {
      method: 'POST',
      body: { key: 'shoe', label: 'Shoe size', kind: 'number' },
    });
    const [a, b] = [await person('bo', { name: 'Bo One' }, 5), await person('bo2', { name: 'Bo Two' }, 4, till)];
    const path = (await leadsTo('/organisations', { name: 'Berg AB', domain: 'berg.example' })).split('?', 1)[0];
    await leadsTo(`${path}/members`, { customer: b, back: '/customers' });
    await say(a, { fields: { shoe: '41' }, occasions: { birthday: '03-14' } });
    await say(b, { fields: { shoe: '43' }, party: 'partner' });
    const html = await textOf(`/customers/${a}/compare/${b}`);
    expect(rowOf(html, 'Shoe size')).toEqual(['41', '43', '43']);
    expect(rowOf(html, 'Occasion: birthday')).toEqual(['14 March', '–', '14 March']);
    expect(rowOf(html, 'Kind of party')).toEqual(['Prospect', 'Partner', 'Partner']);
    expect(rowOf(html, 'Organisations')).toEqual(['–', 'Berg AB', 'Berg AB']);
    await ask(`/customers/${a}/compare/${b}`, { decision: 'merge', reason: 'Told us' });
    const { fields, party } = await callApi<Record_>(worker, `/customers/${a}`);
    expect([fields.shoe?.value, party]).toEqual(['43', 'partner']);
  });
});
