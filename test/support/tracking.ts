import type { Miniflare } from 'miniflare';
import { callApi } from './worker.ts';

/** A source for event SDKs and what a server tells it, for tests about whom it tells of. */
export type Tracking = { readonly id: string; readonly writeKey: string; readonly secretKey: string };

export const addTracking = (worker: Miniflare, name = 'SDKs'): Promise<Tracking> =>
  callApi(worker, '/sources', { method: 'POST', body: { kind: 'segment', name, settings: {} } });

let turn = 0;

/** Sends one call with a key of the source, a minute ago unless it says otherwise; gives the status. */
export async function track(worker: Miniflare, key: string, call: string, event: object): Promise<number> {
  const response = await worker.dispatchFetch(`http://rapport.test/v1/${call}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    },
    body: JSON.stringify({
      messageId: `tracked-${++turn}`,
      timestamp: new Date(Date.now() - 60_000).toISOString(),
      ...event,
    }),
  });
  await response.text();
  return response.status;
}
