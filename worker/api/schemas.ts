import * as z from 'zod';
import { ASSURANCES } from '../../schema/customer.ts';
import { LOCALES } from '../../schema/survey.ts';
import { CHANNELS, DIRECTIONS, INITIATORS, STAGES } from '../../schema/vocabulary.ts';
import { MAX_LIMIT } from '../platform/page.ts';
import type { Received } from '../sources/receive.ts';
import { StandingConsent } from './consent-schema.ts';
import { time, toTime } from './times.ts';
import { WHO } from './who-schema.ts';

/** The shapes of the API, said once: they validate, they type, they become the OpenAPI document. */

export { time, toTime, toTimeOrNull } from './times.ts';

/** A moment given by a caller, as epoch ms. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A day in UTC: `2026-11-22`. */
export const date = z.iso.date().describe('A day, in UTC');
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);
export const toDay = (ms: number): string => toTime(ms).slice(0, 10);

export const Money = z.object({
  amountMinor: z.int().describe('Minor units of the currency'),
  currency: z.string().length(3).describe('ISO 4217'),
});

export const paging = {
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(50),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
};

export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const Stats = z.object({
  touchpoints: z.int(),
  orders: z.int(),
  revenue: z.array(Money).describe('Net of refunds, one entry a currency'),
  firstTouchpointAt: time.nullable(),
  lastTouchpointAt: time.nullable(),
});

export const CustomerItem = z.object({
  id: z.string(),
  displayName: z.string().nullable(),
  party: z.string(),
  stage: z.enum(STAGES).nullable().describe('Null while it is not worked out'),
  stageSince: time.nullable(),
  contact: z.string().nullable().describe('Best-assured e-mail address or phone number'),
  stats: Stats,
  createdAt: time,
});

export const Identifier = z.object({
  kind: z.string(),
  value: z.string(),
  assurance: z.enum(ASSURANCES),
  sourceId: z.string(),
  firstSeenAt: time,
  lastSeenAt: time,
});

const score = z.number().nullable();

export const Customer = CustomerItem.extend({
  summary: z
    .object({ text: z.string(), language: z.enum(LOCALES) })
    .nullable()
    .describe('The relationship in one sentence, in the language of Accept-Language if it is one of ours'),
  asOf: time
    .nullable()
    .describe(
      'The past moment asked for; null for now. Who belongs together, suggestions, assurances and the lines of orders stay as known today',
    ),
  ...WHO,
  identifiers: z.array(Identifier),
  consent: z.array(StandingConsent).describe('What stands; a refusal stands over an agreement'),
  scores: z
    .object({ nps: score, csat: score, ces: score })
    .catchall(score)
    .describe('Latest answer by kind of question'),
  suggestions: z.array(
    z.object({
      customerId: z.string(),
      displayName: z.string().nullable(),
      reason: z.looseObject({ rule: z.string() }),
    }),
  ),
  formerIds: z.array(z.string()),
});

export const Touchpoint = z.object({
  id: z.string(),
  customerId: z.string(),
  sourceId: z.string(),
  messageId: z.string(),
  kind: z.string(),
  channel: z.enum(CHANNELS),
  direction: z.enum(DIRECTIONS),
  initiator: z.enum(INITIATORS),
  phase: z.string().nullable(),
  handler: z.string().nullable(),
  purpose: z.string().nullable(),
  occurredAt: time,
  receivedAt: time,
  subject: z.string().nullable(),
  value: Money.nullable(),
  cost: Money.nullable(),
  score: z.number().nullable(),
  text: z.string().nullable(),
  data: z.record(z.string(), z.json()),
});

export const Source = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  key: z.string(),
  url: z.url().describe('Where the sender delivers to'),
  hasSecret: z.boolean(),
  settings: z.record(z.string(), z.json()),
  pausedAt: time.nullable().describe('Since when deliveries are kept and not read'),
  oldSecretUntil: time.nullable().describe('Until when the older of two secrets is valid'),
  oldSecretUsedAt: time.nullable(),
  bodyDays: z.int().describe('Days that raw bodies are kept'),
  createdAt: time,
  lastAcceptedAt: time.nullable(),
  lastDeliveryAt: time.nullable(),
});

export const NewSource = Source.extend({
  secret: z.string().nullable().describe('Shown this once'),
  snippet: z.string().nullable().describe('For a page, where the source has one'),
  writeKey: z.string().optional().describe('Public key of a source that event SDKs send to'),
  secretKey: z.string().nullable().optional().describe('Its key for servers; shown this once'),
});

export const Delivery = z.object({
  id: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  receivedAt: time,
  stored: z.int(),
  canReplay: z.boolean(),
  firstReceivedAt: time.nullable().describe('When it first came, if this is a later reading'),
});

export const Replay = z.object({
  id: z.string(),
  since: time,
  outcomes: z.array(z.string()),
  done: z.int().describe('Deliveries read again'),
  stored: z.int().describe('Of these, those that brought something new'),
  failed: z.int().describe('Of these, those that still do not fit'),
  startedAt: time,
  finishedAt: time.nullable(),
});

/** What became of a delivery that was tried or read once more. */
export const Tried = z.object({
  outcome: z.string(),
  stored: z.int(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
});
export const tried = (received: Received): z.input<typeof Tried> => ({
  outcome: received.outcome,
  stored: received.outcome === 'accepted' ? (received.stored ?? 0) : 0,
  errors: received.outcome === 'malformed' ? [...received.misfits] : [],
});
