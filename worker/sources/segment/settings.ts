import { isSecretKey } from './credential.ts';

/**
 * What the SDK in the browser fetches from its `cdnURL` before it sends anything, and cannot start without:
 * `loadCDNSettings` and `interface CDNSettings` in https://github.com/segmentio/analytics-next.
 */

const HEADERS = {
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'cross-origin',
};
const CACHED = 'public, max-age=300, stale-while-revalidate=86400';

const refused = (status: number, code: string, detail: string): Response =>
  new Response(JSON.stringify({ success: false, code, detail }), {
    status,
    headers: { ...HEADERS, 'cache-control': 'no-store' },
  });

/**
 * The settings of a page that sends with this write key: one destination, which is this server, nothing to load from anywhere,
 * and no counters of the SDK's own use, which would go to its maker. They are the same for every key, whether or not it names
 * a source, so that nobody learns here which keys exist.
 */
export function browserSettings({ host, protocol }: URL, key: string): Response {
  if (isSecretKey(key)) return refused(403, 'secret_key', 'This is a secret key. Use the public write key in pages.');
  if (!/^[\w-]{1,100}$/.test(key)) return refused(404, 'not_found', 'This is no write key.');
  const settings = {
    integrations: { 'Segment.io': { apiKey: key, apiHost: `${host}/v1`, protocol: protocol.replace(':', '') } },
    metrics: { sampleRate: 0 },
  };
  return new Response(JSON.stringify(settings), { headers: { ...HEADERS, 'cache-control': CACHED } });
}
