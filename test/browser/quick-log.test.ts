import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../support/browser.ts';
import { callApi } from '../support/worker.ts';
import { keptBy, openStaff, openStage, type Stage, seed } from './stage.ts';

/** Logging a contact from anywhere, by the keyboard alone. */
let stage: Stage;
let page: Page;
let faults: string[];
beforeAll(async () => {
  stage = await openStage();
  await seed(stage);
  ({ page, faults } = await openStaff(stage));
});
afterAll(() => stage?.close());

type Contact = {
  readonly kind: string;
  readonly text: string;
  readonly customerId: string;
  readonly data: { minutes?: number };
};
const contacts = async (text: string): Promise<readonly Contact[]> =>
  (await callApi<{ items: Contact[] }>(stage.worker, '/touchpoints?limit=20')).items.filter((one) => one.text === text);
/** Two cores may be busy with other tests. */
const PATIENCE = { timeout: 10_000 };
const dialog = () => page.getByRole('dialog', { name: 'Log a contact' });
const type = (text: string) => page.keyboard.type(text);
const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const focused = () => page.evaluate(() => document.activeElement?.id ?? '');
/** The option that a screen reader is told of. */
const told = () =>
  page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant');
    return (id && document.getElementById(id)?.textContent) || '';
  });

describe('by the keyboard alone', () => {
  it('a customer is found, the line is understood before it is saved, and Enter saves it', async () => {
    await page.goto('/sources');
    await press('l');
    await dialog().waitFor();
    await expect.poll(focused, PATIENCE).toBe('ql-who');
    await type('Marlene');
    await expect.poll(told, PATIENCE).toContain('Marlene');
    const first = await told();
    await press('ArrowDown', 'ArrowUp');
    expect(await told()).toBe(first);
    await press('Enter');
    await expect.poll(focused, PATIENCE).toBe('ql-line');
    await type('call 12m asked about the invoice');
    await dialog().getByText('Will be saved as: Call, 12 min: “asked about the invoice”').waitFor();
    await press('Enter');
    await page.getByText('Saved to the record of Marlene').waitFor();
    expect(await dialog().isVisible()).toBe(false);
    const [saved, ...others] = await contacts('asked about the invoice');
    expect(others).toEqual([]);
    expect(saved).toMatchObject({ kind: 'call_logged', data: { minutes: 12 } });
    await page.getByRole('link', { name: /^Marlene/ }).click();
    expect(new URL(page.url()).pathname).toBe(`/customers/${saved?.customerId}`);
  });

  it('on a record it is about this customer', async () => {
    const name = await page.getByRole('heading', { level: 1 }).innerText();
    await press('l');
    await expect.poll(focused, PATIENCE).toBe('ql-line');
    expect(await dialog().getByRole('combobox').inputValue()).toBe(name);
    await type('note likes it here');
    await press('Enter');
    await page.getByText('Saved to the record.').waitFor();
    await page.getByText('likes it here').first().waitFor();
  });

  it('somebody new is added on the spot', async () => {
    await page.goto('/');
    await press('l');
    await type('Kalina Testova');
    await expect.poll(told, PATIENCE).toContain('as somebody new');
    await press('Enter');
    await expect.poll(focused, PATIENCE).toBe('ql-email');
    await press('Tab', 'Tab');
    await type('fair 5m liked the glaze');
    await press('Enter');
    // Nothing is saved until they can be found again.
    await dialog().getByRole('alert').filter({ hasText: 'e-mail address or a telephone number' }).waitFor();
    expect(await contacts('liked the glaze')).toEqual([]);
    await type('kalina@planted.example');
    await press('Enter');
    await page.getByText('Saved to the record of Kalina Testova').waitFor();
    expect(await contacts('liked the glaze')).toMatchObject([{ kind: 'event_attended', data: { minutes: 5 } }]);
  });

  it('what was typed stays when the dialog is closed and opened again', async () => {
    await page.goto('/customers');
    await press('l');
    await expect.poll(focused, PATIENCE).toBe('ql-who');
    await press('Tab');
    await type('half a thought');
    await press('Escape');
    expect(await dialog().isVisible()).toBe(false);
    await press('l');
    expect(await dialog().getByLabel('What happened').inputValue()).toBe('half a thought');
    await press('Escape');
  });

  it('a letter typed in a field is a letter, and with a modifier none of ours', async () => {
    await page.goto('/customers');
    await press('/');
    await type('l?');
    expect(await page.getByRole('searchbox').inputValue()).toBe('l?');
    expect(await dialog().isVisible()).toBe(false);
    await page.locator('main').focus();
    await press('Alt+l');
    expect(await dialog().isVisible()).toBe(false);
  });
});

describe('single keys', () => {
  it('are listed, and can be switched off; the browser keeps nothing before that', async () => {
    await page.goto('/customers');
    expect(await keptBy(page)).toMatchObject({ local: [], session: [] });
    await press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.getByText('Log a contact').waitFor();
    const toggle = help.getByRole('checkbox', { name: 'Use single keys on these pages' });
    await toggle.press('Space');
    await press('Escape');
    await press('l', '?', '/');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focused()).not.toBe('q');
    await page.reload();
    await press('l');
    expect(await page.getByRole('dialog').count()).toBe(0);
    // The button still opens them, and there they are switched on again.
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await toggle.press('Space');
    await press('Escape', 'l');
    await dialog().waitFor();
    await press('Escape');
    expect(await keptBy(page)).toMatchObject({ local: [] });
  });
});

describe('without JavaScript', () => {
  it('the link leads to a page that does the same', async () => {
    const [session] = await page.context().cookies();
    const { page: plain } = await openPage(stage.browser, { baseURL: stage.host, javaScriptEnabled: false });
    if (session) await plain.context().addCookies([session]);
    await plain.goto('/sources');
    await plain.getByRole('link', { name: 'Log a contact' }).click();
    await plain.getByRole('searchbox').fill('marlene');
    await plain.getByRole('button', { name: 'Search' }).click();
    await plain.getByRole('link', { name: /Marlene/ }).click();
    await plain.getByLabel('What was said').fill('by the plain page');
    await plain.getByRole('button', { name: 'Save to the record' }).click();
    await plain.getByText('Saved to the record.').waitFor();
    expect(await contacts('by the plain page')).toHaveLength(1);
    expect(await plain.getByRole('dialog').count()).toBe(0);
    await plain.context().close();
  });
});

it('no page showed a fault', () => {
  expect(faults).toEqual([]);
});
