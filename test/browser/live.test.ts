import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signStandardWebhooks } from '../support/sign.ts';
import { callApi } from '../support/worker.ts';
import { openStaff, openStage, type Stage } from './stage.ts';

/** The view that moves by itself, in a browser. */
let stage: Stage;
let staff: Page;
let faults: string[];
beforeAll(async () => {
  stage = await openStage();
  ({ page: staff, faults } = await openStaff(stage));
});
afterAll(() => stage?.close());

describe('the live view', () => {
  it('shows a touchpoint as it arrives, and rests while it is paused', async () => {
    await staff.goto('/live');
    const made = await callApi<{ url: string; secret: string }>(stage.worker, '/sources', {
      method: 'POST',
      body: { kind: 'standard_webhooks', name: 'Live desk' },
    });
    const arrivals = staff.getByRole('region', { name: 'Touchpoints' });
    const send = (id: string) => {
      const body = JSON.stringify({
        type: 'order.placed',
        timestamp: new Date().toISOString(),
        data: { id, amount: '5.00', currency: 'EUR', customer: { email: `${id}@live.example`, name: `Ada ${id}` } },
      });
      const { headers } = signStandardWebhooks(body, { secret: made.secret, now: Date.now(), id: `msg_${id}` });
      return stage.worker.dispatchFetch(made.url, { method: 'POST', headers, body });
    };
    expect((await send('first')).status).toBe(200);
    await arrivals.getByRole('link', { name: 'Ada first' }).waitFor();
    await staff.getByRole('button', { name: 'Pause' }).click();
    await send('second');
    await staff.waitForTimeout(2500);
    expect(await arrivals.getByRole('link', { name: 'Ada second' }).count()).toBe(0);
    await staff.getByRole('button', { name: 'Pause' }).click();
    await arrivals.getByRole('link', { name: 'Ada second' }).waitFor();
  });

  it('breaks none of its own policy', () => {
    expect(faults).toEqual([]);
  });
});
