import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from '../support/worker.ts';
import { openStaff, openStage, type Stage, seed } from './stage.ts';

/** Who is who, as staff decide it: a suggestion, what would come of it, the two joined, and parted again. */
let stage: Stage;
let page: Page;
let faults: string[];
beforeAll(async () => {
  stage = await openStage();
  await seed(stage);
  ({ page, faults } = await openStaff(stage));
});
afterAll(() => stage?.close());

type Listed = { readonly id: string };
type Record_ = { readonly id: string; readonly suggestions: readonly { readonly customerId: string }[] };

/** The first customer of the demo for whom another record is suggested. */
async function findSuggested(): Promise<{ id: string; other: string }> {
  const { items } = await callApi<{ items: Listed[] }>(stage.worker, '/customers?limit=200');
  for (const { id } of items) {
    const { suggestions } = await callApi<Record_>(stage.worker, `/customers/${id}`);
    const [first] = suggestions;
    if (first) return { id, other: first.customerId };
  }
  throw new Error('the demo suggests nobody');
}

describe('two records that may be one', () => {
  it('stand in a list, are compared, joined, and parted again', async () => {
    await page.goto('/customers');
    await page.getByRole('link', { name: /pairs? may be one person/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Same person?' }).waitFor();
    const pair = page
      .getByRole('list', { name: 'To decide' })
      .getByRole('listitem')
      .filter({ hasText: 'Compare', hasNotText: 'Answer two by two' })
      .first();
    const told = await pair.getByRole('list', { name: 'For one person' }).innerText();
    await pair.getByRole('link', { name: /^Compare/ }).click();
    await page.getByRole('columnheader', { name: 'As one record' }).waitFor();
    expect(await page.getByRole('region', { name: 'For one person' }).innerText()).toContain(told.split('\n')[0]);

    await page.goBack();
    const before = await page.locator('.page-head .muted').innerText();
    await pair.getByRole('button', { name: /^Same person/ }).click();
    await page.getByText('The two are one record now.').waitFor();
    expect(await page.locator('.page-head .muted').innerText()).not.toBe(before);
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Taken back.').waitFor();
    expect(await page.locator('.page-head .muted').innerText()).toBe(before);
  });

  it('are answered together where three share a value: ticked by keyboard, joined, and parted again', async () => {
    await page.goto('/suggestions');
    const group = page.getByRole('form', { name: /records with the e-mail address/ }).first();
    const boxes = group.getByRole('checkbox');
    expect(await boxes.count()).toBeGreaterThan(2);
    // They only claim the address: nothing is ticked for whoever reads in a hurry.
    expect(await boxes.first().isChecked()).toBe(false);
    for (const at of [0, 1]) {
      await boxes.nth(at).focus();
      await page.keyboard.press('Space');
    }
    const before = await group.innerText();
    await group.getByRole('button', { name: 'Those ticked are one person' }).click();
    await page.getByText('They are one record now.').waitFor();
    expect(await page.locator('main').innerText()).not.toContain(before);
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Taken back.').waitFor();
    expect(await group.innerText()).toBe(before);
  });

  it('are compared, joined with a reason, and parted again', async () => {
    const { id, other } = await findSuggested();
    await page.goto('/team');
    const newcomer = page.getByRole('region', { name: 'Add somebody' });
    await newcomer.getByLabel('Name').fill('Ingrid Holm');
    await newcomer.getByRole('button', { name: 'Add' }).click();
    await page.locator('#me').selectOption({ label: 'Ingrid Holm' });
    await page.getByRole('button', { name: 'That is me' }).click();
    await page.goto(`/customers/${id}`);
    const before = await page.locator('.numbers').innerText();
    await page
      .getByRole('region', { name: 'Same person?' })
      .getByRole('link', { name: 'Compare the two' })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: 'One person or two?' }).waitFor();
    expect(await page.getByRole('region', { name: 'For one person' }).innerText()).toMatch(
      /Both have the|may be one mailbox/,
    );
    const preview = await page.getByRole('row', { name: 'Touchpoints' }).getByRole('cell').allInnerTexts();
    const [mine = 0, theirs = 0, both = 0] = preview.map(Number);
    expect(both).toBe(mine + theirs);

    const stages = await page.getByRole('row', { name: 'Stage' }).getByRole('cell').allInnerTexts();
    expect(stages[2]).toBe('Worked out anew from both');

    await page.getByLabel('How do you know?').fill('Told us on the phone');
    await page.getByRole('button', { name: 'One person: join them' }).click();
    await page.getByText('The two are one record now.').waitFor();
    expect(await page.locator('.numbers').innerText()).toMatch(new RegExp(`Touchpoints\\s+${both}\\s`));
    const found = await Promise.all([id, other].map((one) => callApi<Record_>(stage.worker, `/customers/${one}`)));
    expect(found[0]?.id).toBe(found[1]?.id);

    await page.getByRole('link', { name: 'Why is this one person?' }).click();
    await page.getByText('Decided by Ingrid Holm: “Told us on the phone”').waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('Taken back.').waitFor();
    await page
      .getByText(/^taken back by Ingrid Holm,/)
      .first()
      .waitFor();
    await page.goto(`/customers/${id}`);
    expect(await page.locator('.numbers').innerText()).toBe(before);
  });

  it('are kept apart, and not suggested again', async () => {
    const { id, other } = await findSuggested();
    await page.goto(`/customers/${id}/compare/${other}`);
    await page.getByLabel('How do you know?').fill('Mother and daughter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('these are two people').waitFor();
    const { suggestions } = await callApi<Record_>(stage.worker, `/customers/${id}`);
    expect(suggestions.map(({ customerId }) => customerId)).not.toContain(other);
  });

  it('leave nothing wrong in the browser', () => expect(faults).toEqual([]));
});
