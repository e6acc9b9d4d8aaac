import * as v from 'valibot';
import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import { isSame } from '../../platform/hmac.ts';
import { originVerdict } from '../credentials.ts';
import type { Delivery, Provider, RefusedItem, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { parseWith, settingsParser } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { isSecretKey, keyHeader, keyOf, secretKey } from '../segment/credential.ts';
import { CALL_HEADER, envelopeOf, type Item, type Unread } from '../segment/item.ts';
import { readItem } from '../segment/touchpoint.ts';

const Settings = v.strictObject({
  /** Origins whose pages may send with the public key; empty allows any. */
  origins: v.optional(v.pipe(v.array(v.pipe(v.string(), v.url())), v.maxLength(50)), []),
  /** Currency of amounts that name none. Segment takes those for US dollars. */
  currency: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'use a currency code like EUR')), 'USD'),
  /** Categories of the site's consent banner that mean: what people look at may be noted. */
  profilingCategories: v.optional(v.pipe(v.array(v.pipe(v.string(), v.trim(), v.maxLength(100))), v.maxLength(20)), []),
});

const NODE_SEGMENT = `import { Analytics } from '@segment/analytics-node';
const analytics = new Analytics({
  writeKey: '{secret}',
  host: '{origin}',
});
analytics.track({
  userId: '42',
  event: 'Order Completed',
  properties: {
    order_id: '1001',
    total: 49.9,
    currency: 'EUR',
  },
});`;
const NODE_RUDDERSTACK = `import RudderAnalytics from '@rudderstack/rudder-sdk-node';
const analytics = new RudderAnalytics('{secret}', {
  dataPlaneUrl: '{origin}',
});
analytics.identify({
  userId: '42',
  traits: { email: 'mara@example.com' },
});`;
const PAGE_ASKING = `import { AnalyticsBrowser } from '@segment/analytics-next';
const analytics = AnalyticsBrowser.load({
  writeKey: '{key}',
  cdnURL: '{origin}',
});
analytics.page();`;
const PAGE_TOLD = `import { AnalyticsBrowser } from '@segment/analytics-next';
const analytics = AnalyticsBrowser.load({
  writeKey: '{key}',
  cdnSettings: {
    integrations: {
      'Segment.io': {
        apiKey: '{key}',
        apiHost: '{host}/v1',
      },
    },
    metrics: { sampleRate: 0 },
  },
});
analytics.page();`;

/** The code in these steps is run by the tests as it stands. */
const setup: readonly SetupStep[] = [
  {
    text: 'For anything that already speaks to Segment or RudderStack: their SDKs, and tools that can send to "Segment" at an address of your choice.',
  },
  { text: 'Where an address is asked for, give this one. SDKs want it without /v1/batch at its end.', copy: 'url' },
  {
    text: 'On your server use the secret key as the write key: what it says of your customers and orders is believed.',
    copy: 'secret',
  },
  {
    text: 'With the SDK of Segment in Node.js. A batch may be 1 MB: raise its "flushAt" of 15 only where your events are small.',
    code: NODE_SEGMENT,
  },
  { text: 'With the SDK of RudderStack in Node.js:', code: NODE_RUDDERSTACK },
  {
    text: 'In web pages and apps use the public write key, since everybody can read it there. It claims and proves nothing: it never counts an order. List your sites under "Allowed addresses", so that no other page can use it.',
    copy: 'key',
  },
  { text: 'With the SDK of Segment in a page:', code: PAGE_ASKING },
  {
    text: 'Or with its settings in the page, which saves a request. "metrics" keeps the SDK from reporting its own use to its maker.',
    code: PAGE_TOLD,
  },
];

const settingsOf = (raw: unknown): v.InferOutput<typeof Settings> => {
  const parsed = parseWith(Settings, raw);
  // Settings are stored as `parseSettings` gave them; others would be a defect, and then nobody's page may send.
  return parsed.ok ? parsed.value : { origins: ['about:blank'], currency: 'USD', profilingCategories: [] };
};

/** The door has found the source by the key, so that the public one is right once it is there. */
const verify: Provider['verify'] = async ({ headers, body }, { secrets, settings }) => {
  const sent = keyOf(headers, body);
  if (sent === null) return { ok: false, refusal: { reason: 'signature_missing' } };
  if (!isSecretKey(sent)) {
    const verdict = originVerdict(headers, settingsOf(settings).origins);
    return verdict.ok ? { ok: true, assurance: 'claimed' } : verdict;
  }
  const wanted = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
  if (wanted.length === 0) return { ok: false, refusal: { reason: 'secret_missing' } };
  for (const secret of wanted) if (await isSame(sent, secret)) return { ok: true, assurance: 'asserted' };
  return { ok: false, refusal: { reason: 'signature_mismatch' } };
};

const isUnread = (one: Item | Unread | TouchpointInput): one is Unread => 'code' in one && 'message' in one;

/** Good events stand, whatever is wrong with others: an SDK sends a batch once and reads no answer. */
function translate(payload: Json, { headers }: Delivery, context: TranslateContext): Translation {
  const envelope = envelopeOf(payload, headers.get(CALL_HEADER));
  if (!('items' in envelope)) return { ok: false, misfits: [envelope] };
  const { currency, profilingCategories } = settingsOf(context.settings);
  const { receivedAt, window } = context;
  const given = {
    assurance: context.assurance ?? 'claimed',
    receivedAt,
    window,
    currency,
    profilingCategories,
  } as const;
  const touchpoints: TouchpointInput[] = [];
  const refused: RefusedItem[] = [];
  for (const [index, item] of envelope.items.entries()) {
    const read = isUnread(item) ? item : readItem(item, given);
    if (read === null) continue;
    if (isUnread(read)) refused.push({ index, ...read });
    else touchpoints.push(read);
  }
  if (touchpoints.length > 0) return { ok: true, touchpoints, refused };
  if (refused.length === 0) return { ok: true, ignored: 'alias with the public key' };
  return { ok: false, misfits: refused.map(({ path, message }) => ({ path, message })) };
}

async function sample({ secret, now, seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email, city, country, number } = samplePerson(seed);
  const timestamp = new Date(now - 1000).toISOString();
  const ids = { userId: `u-${number}`, timestamp };
  const body = JSON.stringify({
    batch: [
      {
        ...ids,
        type: 'identify',
        messageId: `sample-${seed}-1`,
        traits: { email, firstName: first, lastName: last, address: { city, country } },
      },
      {
        ...ids,
        type: 'track',
        messageId: `sample-${seed}-2`,
        event: 'Order Completed',
        properties: {
          order_id: `S-${number}`,
          total: 58,
          currency: 'EUR',
          products: [{ sku: 'TEA-2', name: 'Enamel teapot', price: 58, quantity: 1 }],
        },
      },
    ],
    sentAt: new Date(now).toISOString(),
  });
  return { headers: { 'Content-Type': 'application/json', Authorization: keyHeader(secret) }, body };
}

const segment: Provider = {
  kind: 'segment',
  title: 'Segment-compatible',
  summary: 'Events from the SDKs of Segment and RudderStack, or from any tool that can send to Segment.',
  group: 'other',
  door: 'tracking',
  secret: 'from_us',
  secretFor: secretKey,
  setup,
  parseSettings: settingsParser(Settings),
  verify,
  translate,
  sample,
};

export default segment;
