import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Json, TouchpointInput } from '../../schema/touchpoint.ts';
import { parseJson } from '../../worker/platform/json.ts';
import type { Delivery, Provider, Translation } from '../../worker/sources/provider.ts';

/** What a recorded delivery is known to say. Null: the body does not say it. */
export type Expectation = {
  readonly kind: string;
  readonly occurred_at: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly external_id: string | null;
  readonly amount_minor: number | null;
  readonly currency: string | null;
  readonly customer_id?: string;
  readonly order_id?: string;
  readonly name?: string;
  readonly rating?: number;
  readonly canceled_at?: number;
  readonly text?: string;
  /** How many facts one delivery holds; the expectation is the first of its kind. */
  readonly batch?: number;
  /** Facts that a touchpoint keeps in `data`, under the same name in camel case. */
  readonly others: { readonly [name: string]: Json };
};

/** Facts with a place of their own in a touchpoint. */
const PLACED: readonly string[] = [
  'kind',
  'occurred_at',
  'email',
  'phone',
  'external_id',
  'amount_minor',
  'currency',
  'customer_id',
  'order_id',
  'name',
  'rating',
  'canceled_at',
  'text',
  'batch',
];

export type Fixture = {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly expect: Expectation;
  readonly signature: { readonly [key: string]: unknown } | null;
};

const folder = new URL('../../../shared/fixtures/webhooks/', import.meta.url);

/**
 * Recorded deliveries of real senders. They are other people's payloads, so they live beside the project and not in it.
 * Null where that folder is missing, which a test must say aloud.
 */
export function recordedDeliveries(prefixes: readonly string[]): readonly Fixture[] | null {
  if (!existsSync(folder)) return null;
  return prefixes.flatMap((prefix) => {
    const [directory = '', start = ''] = prefix.split('/');
    return readdirSync(new URL(`${directory}/`, folder))
      .filter((file) => file.startsWith(start) && file.endsWith('.meta.json'))
      .map((file) => readFixture(directory, file));
  });
}

function readFixture(directory: string, file: string): Fixture {
  const read = (name: string) => readFileSync(new URL(`${directory}/${name}`, folder), 'utf8');
  const meta = JSON.parse(read(file));
  // Values in brackets stand for what the source did not publish.
  const headers = Object.entries<string>(meta.headers ?? {}).filter(
    ([, value]) => value !== '' && !/^\(|<.*>/.test(value),
  );
  return {
    name: `${directory}/${file.replace('.meta.json', '')}`,
    headers: Object.fromEntries(headers),
    body: read(meta.body_file),
    expect: {
      ...meta.expect,
      others: Object.fromEntries(Object.entries(meta.expect).filter(([name]) => !PLACED.includes(name))),
    },
    signature: meta.signature,
  };
}

export function deliveryOf(
  headers: Readonly<Record<string, string>>,
  body: string,
  url = 'https://rapport.example/in/key',
): Delivery {
  return { method: 'POST', url: new URL(url), headers: new Headers(headers), body: new TextEncoder().encode(body) };
}

export const hashOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/** Parses a body as the doors do: a form's fields, or JSON. */
export function payloadOf(delivery: Delivery): Json {
  if (delivery.body.length === 0) return null;
  const isForm = delivery.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded');
  if (isForm) return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(delivery.body)));
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) throw new TypeError(`${parsed.fault.path} ${parsed.fault.message}`);
  return parsed.value;
}

/** Settings of a provider as they are when an owner has set nothing. */
export function defaultSettings(provider: Provider): Record<string, Json> {
  const parsed = provider.parseSettings({});
  if (!parsed.ok) throw new TypeError('a provider must work without settings');
  return parsed.settings;
}

/** A delivery as it is translated: read from its MIME where it is a mail. Nothing is kept, and no token is ours. */
export const preparedWith = async (provider: Provider, delivery: Delivery): Promise<Delivery> =>
  (await provider.prepare?.(delivery, { sourceKey: 'key', files: null, reply: async () => null }))?.delivery ??
  delivery;

/** When a translated delivery is said to have arrived. */
export const ARRIVAL = Date.UTC(2026, 0, 15, 12);

/** Translates a delivery as the doors do. */
export const translateWith = (
  provider: Provider,
  delivery: Delivery,
  payload: Json = payloadOf(delivery),
  settings: Record<string, Json> = defaultSettings(provider),
): Translation =>
  provider.translate(payload, delivery, {
    settings,
    bodyHash: hashOf(delivery.body),
    window: '0',
    receivedAt: ARRIVAL,
    assurance: null,
  });

/** The only touchpoint of a translation; throws, with what came instead, when there is not exactly one. */
export const onlyTouchpoint = (translation: Translation): TouchpointInput => firstTouchpoint(translation, 1);

/** The touchpoint an expectation is about: of several the first of its kind. */
export const describedTouchpoint = (translation: Translation, { kind, batch = 1 }: Expectation): TouchpointInput =>
  firstTouchpoint(translation, batch, kind);

/** The first touchpoint (of a kind, where there is one) of a translation that has to hold `count` of them. */
export function firstTouchpoint(translation: Translation, count: number, kind?: string): TouchpointInput {
  const touchpoints = translation.ok && 'touchpoints' in translation ? translation.touchpoints : [];
  const touchpoint = touchpoints.find((one) => one.kind === kind) ?? touchpoints[0];
  if (!touchpoint || touchpoints.length !== count) {
    throw new TypeError(`expected ${count} touchpoint(s), got ${JSON.stringify(translation)}`);
  }
  return touchpoint;
}
