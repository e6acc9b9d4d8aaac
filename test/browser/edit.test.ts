import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from '../support/worker.ts';
import { openStaff, openStage, type Stage, seed } from './stage.ts';

/** Editing a record by the keyboard alone, under a name of one's own, and taking it back. */
let stage: Stage;
let page: Page;
let faults: string[];
beforeAll(async () => {
  stage = await openStage();
  await seed(stage);
  ({ page, faults } = await openStaff(stage));
});
afterAll(() => stage?.close());

/** Presses Tab until a control has the focus; fails when it is never reached. */
async function tabTo(role: 'textbox' | 'combobox', name: string): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 120; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach “${name}”`);
}

describe('a record', () => {
  it('is edited with the keyboard, tells who said it, and goes back to what the sources say', async () => {
    await page.goto('/team');
    await tabTo('textbox', 'Name');
    await page.keyboard.type('Ann Keeper');
    await page.keyboard.press('Enter');
    await page.locator('.member-name').getByText('Ann Keeper', { exact: true }).waitFor();
    await tabTo('combobox', 'You are');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.member-name').getByText('you', { exact: true }).waitFor();

    const { items } = await callApi<{ items: { id: string; displayName: string }[] }>(
      stage.worker,
      '/customers?orders=some&owner=none&limit=1',
    );
    const [customer = { id: '', displayName: '' }] = items;
    await page.goto(`/customers/${customer.id}/edit`);
    await page.getByText('Written down under the name of').waitFor();
    await tabTo('textbox', 'Name');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Zoë Keyboard');
    await tabTo('combobox', 'Looked after by');
    await page.keyboard.press('ArrowDown');
    await tabTo('textbox', 'Why');
    await page.keyboard.type('She spelt it for me');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Zoë Keyboard' }).waitFor();
    await page.getByText('looked after by Ann Keeper').waitFor();

    await page.getByRole('link', { name: 'What was changed' }).click();
    const lines = await page.locator('.change').allInnerTexts();
    expect(lines.join('\n')).toMatch(/Name.*Zoë Keyboard.*She spelt it for me.*Ann Keeper/s);

    await page.goto(`/customers/${customer.id}/edit`);
    await page.getByRole('checkbox', { name: /Take this back.*\(Name\)/ }).press('Space');
    await page.getByRole('button', { name: 'Save what changed' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: customer.displayName }).waitFor();
    expect(faults).toEqual([]);
  });

  it('gets tags and loses them, and the list is narrowed by them', async () => {
    const { items } = await callApi<{ items: { id: string; displayName: string }[] }>(
      stage.worker,
      '/customers?limit=2',
    );
    const [customer = { id: '', displayName: '' }] = items;
    await page.goto(`/customers/${customer.id}`);
    await page.getByLabel('Add a tag').fill('VIP');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'vip', exact: true }).click();
    await page.getByText(/^1 of /).waitFor();
    expect(await page.locator('.listing tbody tr').count()).toBe(1);
    await page.goto(`/customers/${customer.id}`);
    await page.getByRole('button', { name: 'Take off the tag vip' }).click();
    await page.getByText('The tag is taken off.').waitFor();
    await page.goto('/customers?tag=vip');
    await page.getByText(/^0 of /).waitFor();
    expect(faults).toEqual([]);
  });
});
