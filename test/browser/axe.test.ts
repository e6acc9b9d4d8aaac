import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../support/browser.ts';
import { mime, routeMail } from '../support/mail.ts';
import { callApi } from '../support/worker.ts';
import { choose, feedbackButton, openStaff, openStage, type Stage, seed, surveyDialog } from './stage.ts';

/** WCAG 2.2 AA and best practice, by axe: every page, light and dark, of a business with nothing and of one with a year. */
let stage: Stage;
let page: Page;
let faults: string[];
beforeAll(async () => {
  stage = await openStage();
  ({ page, faults } = await openStaff(stage));
});
afterAll(() => stage?.close());

/** Ids that more than one element has, in what is folded away too: a label leads to the first of them. */
async function twice(): Promise<string[]> {
  const ids = await page.locator('[id]').evaluateAll((elements) => elements.map(({ id }) => id));
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map((id) => `id twice: ${id}`);
}

/** All of axe in the light; in the dark what has to do with colours, since nothing else differs. */
async function violations(): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await axeViolations(page, 'colours');
  await page.emulateMedia({ colorScheme: 'light' });
  return [...(await axeViolations(page)), ...(await twice()), ...dark.map((line) => `dark: ${line}`)];
}

type Item = { readonly id: string };
const first = async (path: string): Promise<string> =>
  (await callApi<{ items: Item[] }>(stage.worker, path)).items[0]?.id ?? 'none';

describe('in an empty business', () => {
  it.each([
    '/',
    '/customers',
    '/log',
    '/segments',
    '/segments/new',
    '/segments/new?rule=orders+%3E+0+and+oders',
    '/products',
    '/costs',
    '/consent',
    '/privacy',
    '/mail',
    '/p',
    '/p/asked',
    '/stages',
    '/sources',
    '/sources/new',
    '/sources/new?kind=shopify',
    '/live',
    '/jobs',
    '/notices',
    '/team',
    '/fields',
    '/organisations',
    '/households',
    '/suggestions',
    '/identity',
    '/imports',
    '/imports/new',
    '/api',
    '/no-such-page',
  ])('nothing is wrong with %s', async (path) => {
    await page.goto(path);
    expect(await violations()).toEqual([]);
  });

  it.each(['shopify', 'standard_webhooks', 'html_form', 'site', 'square'])(
    'nothing is wrong with the page of a new source of kind %s',
    async (kind) => {
      await page.goto(`/sources/new?kind=${kind}`);
      await page.getByRole('button', { name: /^Add / }).click();
      await page.getByText('Waiting for the first event').waitFor();
      expect(await violations()).toEqual([]);
    },
  );
});

describe('in a business with a year behind it', () => {
  beforeAll(() => seed(stage));

  it('nothing is wrong with rules of stages that would move people, or that cannot be read', async () => {
    await page.goto('/stages');
    await page.getByLabel('Expansion, if').fill('orders >= 3');
    await page.getByRole('button', { name: 'See who would move' }).click();
    await page.getByRole('heading', { name: /customers? would move$/ }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByLabel('Expansion, if').fill('ordres >= 3');
    await page.getByRole('button', { name: 'See who would move' }).click();
    await page.getByText('Did you mean "orders"?').waitFor();
    expect(await violations()).toEqual([]);
    // The answer to what cannot be read is a 422, which a browser notes.
    faults.splice(0, faults.length, ...faults.filter((fault) => !fault.includes('422')));
  });

  it.each([
    '/',
    '/customers',
    '/customers?q=a&orders=some',
    '/customers?q=nobody-of-this-name',
    '/sources',
    '/live',
    '/jobs',
    '/stages',
    '/stages?version=1',
    '/customers?stage=dissolution',
    '/suggestions',
    '/identity',
    '/customers?party=prospect&tag=regular&owner=none',
    '/team',
    '/fields',
  ])('nothing is wrong with %s', async (path) => {
    await page.goto(path);
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with the record of a past day, of a day before all, and of none', async () => {
    const id = await first('/customers?orders=some');
    for (const day of ['2026-06-01', '2019-01-01', '2999-01-01']) {
      await page.goto(`/customers/${id}?at=${day}`);
      expect(await violations()).toEqual([]);
    }
  });

  it('nothing is wrong with what staff say of a person, refused and saved', async () => {
    const id = await first('/customers?orders=some');
    await page.goto(`/customers/${id}/edit`);
    expect(await violations()).toEqual([]);
    await page.getByLabel('Language').fill('no language at all');
    await page.getByLabel('City').fill('Porto');
    await page.getByRole('button', { name: 'Save what changed' }).click();
    await page.getByText('Nothing was saved').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByLabel('Language').fill('pt');
    await page.getByRole('button', { name: 'Save what changed' }).click();
    await page.getByText('What you said stands').waitFor();
    await page.getByLabel('Add a tag').fill('regular');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('The tag is put on.').waitFor();
    expect(await violations()).toEqual([]);
    await page.goto(`/customers/${id}/edit`);
    expect(await violations()).toEqual([]);
    await page.goto(`/customers/${id}/changes`);
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with a record that has orders and needs attention', async () => {
    const [waiting] = (await callApi<{ items: { customerId: string }[] }>(stage.worker, '/attention')).items;
    await page.goto(`/customers/${waiting?.customerId}`);
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with what somebody agreed to, and with a note that is missing', async () => {
    await page.goto(`/customers/${await first('/customers')}/consent`);
    expect(await violations()).toEqual([]);
    await page.getByLabel('On which day').fill('2026-01-01');
    await page.locator('#note').fill(' ');
    await page.getByRole('button', { name: 'Add to the ledger' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with erasing somebody, as it is asked and where it is not meant', async () => {
    await page.goto(`/customers/${await first('/customers')}/erase`);
    expect(await violations()).toEqual([]);
    await page.getByLabel('Type “erase” to go on').fill('no');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
    await page.goto('/privacy');
    await page.getByLabel('Erase people we have not heard from').fill('90');
    await page.getByRole('button', { name: 'See who would go' }).click();
    await page.getByText('would go now').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Save', exact: true }).nth(1).click();
    await page.getByLabel('Type “erase” to erase these records').fill('no');
    await page.getByRole('button', { name: 'Erase them and save' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with a certificate', async () => {
    const last = await callApi<{ items: Item[] }>(stage.worker, '/customers?q=a&limit=200');
    await page.goto(`/customers/${last.items.at(-1)?.id}/erase`);
    await page.getByLabel('Type “erase” to go on').fill('erase');
    await page.getByRole('button', { name: 'Erase for good' }).click();
    await page.getByRole('heading', { name: 'Certificate of erasure' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.goto('/privacy');
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with a contact that could not be logged', async () => {
    await page.goto(`/customers/${await first('/customers')}`);
    await page.locator('form.log').evaluate((form) => {
      if (form instanceof HTMLFormElement) form.noValidate = true;
    });
    await page.getByRole('button', { name: 'Save to the record' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with products, their costs, and a cost that does not fit', async () => {
    await page.goto('/products');
    await page.locator('.sheet-form summary').click();
    expect(await violations()).toEqual([]);
    const cost = page.getByRole('form', { name: 'Cost of Bamboo whisk' });
    await cost.getByLabel('Cost of one').fill('dear');
    await cost.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
    await page.goto(`/products/${await first('/products?q=teapot')}`);
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with the cost of contact, as it stands and where it does not fit', async () => {
    await page.goto('/costs');
    await page.locator('main summary').click();
    expect(await violations()).toEqual([]);
    await page.getByLabel('Phone, our own staff, each minute').fill('a lot');
    await page.getByRole('button', { name: 'Save what changed' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with the page and the dialogs that log a contact', async () => {
    await page.goto('/log?q=a');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('l');
    await page.getByRole('combobox').fill('nobody of this name');
    await page.getByRole('option').first().waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('option').first().click();
    await page.getByRole('button', { name: 'Save to the record' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with two records compared, joined, and with the account of why', async () => {
    const { items } = await callApi<{ items: Item[] }>(stage.worker, '/customers?limit=2');
    const [one, other] = items.map(({ id }) => id);
    for (const path of [`/customers/${one}/compare?q=a`, `/customers/${one}/compare/${other}`]) {
      await page.goto(path);
      expect(await violations(), path).toEqual([]);
    }
    await page.getByLabel('How do you know?').fill('Told us on the phone');
    await page.getByRole('button', { name: 'One person: join them' }).click();
    await page.getByRole('link', { name: 'Why is this one person?' }).click();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Take back' }).first().click();
    await page.getByText('Taken back.').waitFor();
  });

  it('nothing is wrong with an organisation, its members, whom to add, and a name that does not fit', async () => {
    await page.goto('/organisations');
    await page.locator('main summary').click();
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'Quayside Café' }).click();
    await page.getByLabel('Name, address or phone of a customer').fill('a');
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await page.getByPlaceholder('Role (optional)').first().waitFor();
    await page.getByText('Change or delete').click();
    expect(await violations()).toEqual([]);
    await page.getByLabel('Domain of their e-mail addresses').fill('none');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with a household and the notices of whoever looks after somebody', async () => {
    const { items } = await callApi<{ items: Item[] }>(stage.worker, '/customers?limit=2');
    const [one, other] = items.map(({ id }) => id);
    await callApi(stage.worker, `/customers/${one}/household`, { method: 'POST', body: { with: other } });
    await page.goto(`/customers/${one}`);
    await page.getByRole('region', { name: 'Household' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Who lives here' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.goto('/notices');
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with a conversation, on its page and on the record', async () => {
    const source = await callApi<{ key: string }>(stage.worker, '/sources', {
      method: 'POST',
      body: { kind: 'mailbox', name: 'Support' },
    });
    const sent = [
      { id: '<ax1@example.com>', text: 'Does the lid come in blue?\n\n> In which colours?' },
      { id: '<ax2@example.com>', references: ['<ax1@example.com>'], headers: ['Auto-Submitted: auto-replied'] },
      { id: '<ax3@example.com>', references: ['<ax1@example.com>'], text: 'And in green?' },
    ];
    for (const mail of sent) await routeMail(stage.worker, mime(mail), { to: `${source.key}@in.shop.example` });
    const { items } = await callApi<{ items: Item[] }>(stage.worker, '/touchpoints?kind=email_received&limit=1');
    await page.goto(`/conversations/${items[0]?.id}`);
    await page.getByText('Quoted text').click();
    expect(await violations()).toEqual([]);
    await page.locator('.record-head a').click();
    await page.getByRole('link', { name: 'Conversation: A lid' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with a touchpoint', async () => {
    await page.goto(`/touchpoints/${await first('/touchpoints')}`);
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with a source in use and with one of its deliveries', async () => {
    const { items } = await callApi<{ items: { id: string; name: string }[] }>(stage.worker, '/sources');
    const shop = items.find(({ name }) => name === 'Harbour & Hare shop')?.id ?? '';
    await callApi(stage.worker, `/sources/${shop}/test`, { method: 'POST' });
    await callApi(stage.worker, `/sources/${shop}`, { method: 'PATCH', body: { secret: 'another', paused: true } });
    await page.goto(`/sources/${shop}`);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: /^Look/ }).first().click();
    await page.getByRole('heading', { name: 'Headers kept' }).waitFor();
    expect(await violations()).toEqual([]);
    await callApi(stage.worker, `/sources/${shop}`, { method: 'PATCH', body: { paused: false } });
  });

  it('nothing is wrong with the demo shop and each screen of its widget', async () => {
    await page.goto('/demo');
    expect(await violations()).toEqual([]);
    await feedbackButton(page).click();
    await surveyDialog(page).waitFor();
    expect(await violations()).toEqual([]);
    await surveyDialog(page).locator('button[type=submit]').click();
    await surveyDialog(page).locator('.rp-error').waitFor();
    expect(await violations()).toEqual([]);
    await choose(page, 8);
    await surveyDialog(page).locator('textarea').waitFor();
    expect(await violations()).toEqual([]);
    await surveyDialog(page).locator('button[type=submit]').click();
    await surveyDialog(page).locator('.rp-thanks').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with the hosted survey, what is missing in it, and its end, from left and from right', async () => {
    for (const lang of ['en', 'ar']) {
      await page.goto('/demo');
      const survey = await page.getByRole('link', { name: 'The survey after a delivery' }).getAttribute('href');
      await page.goto(`${survey}?lang=${lang}`);
      expect(await violations()).toEqual([]);
      await page.locator('form button[type=submit]').click();
      await page.getByRole('alert').waitFor();
      expect(await violations()).toEqual([]);
      await page.locator('label', { has: page.locator('input[name=csat][value="4"]') }).click();
      await page.locator('form button[type=submit]').click();
      await page.waitForURL('**/thanks?*');
      expect(await violations()).toEqual([]);
    }
  });

  it('nothing is wrong with the shop after an order', async () => {
    await page.goto('/demo');
    await page.getByRole('button', { name: 'Buy Quay teapot' }).click();
    await page.getByRole('status', { name: 'Your order' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('nothing is wrong with the sign-in page, also when the token is wrong', async () => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin token').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByLabel('Admin token').fill('not the token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('and no page broke its own policy on the way', () => {
    expect(faults).toEqual([]);
  });
});
