import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, startWorker } from '../support/worker.ts';

const worker = startWorker();
beforeAll(() => worker.ready);
afterAll(() => worker.dispose());

describe('the spine', () => {
  it('turns a sample of every provider into a customer', async () => {
    const { items } = await callApi<{ items: { kind: string }[] }>(worker, '/providers');
    expect(items.length).toBeGreaterThan(3);
    for (const { kind } of items) {
      const source = await callApi<{ id: string }>(worker, '/sources', {
        method: 'POST',
        body: { kind, name: kind, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
      });
      const tried = await callApi<{ outcome: string; stored: number }>(worker, `/sources/${source.id}/test`, {
        method: 'POST',
      });
      expect(tried, kind).toMatchObject({ outcome: 'accepted' });
      expect(tried.stored, kind).toBeGreaterThan(0);
    }
    const customers = await callApi<{ items: unknown[] }>(worker, '/customers');
    expect(customers.items.length).toBeGreaterThan(2);
  });
});
