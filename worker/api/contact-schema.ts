import * as z from 'zod';
import { HAND_KINDS, MAX_MINUTES } from '../../schema/hand-contact.ts';
import { normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import { moneyFromMinor } from '../../schema/money.ts';
import {
  ACTIVITIES,
  APPROACHES,
  ARRANGEMENTS,
  CHANNELS,
  DIRECTIONS,
  HANDLERS,
  INITIATORS,
  MEANS,
  PHASES,
  TRADES,
} from '../../schema/vocabulary.ts';
import type { HandLogged, Stranger } from '../record/by-hand.ts';
import { moment } from './schemas.ts';

/** What a contact logged by hand may say. The staff's form and the API are both checked by this, so the messages are for both. */

export const MAX_TEXT = 5000;
/** So far may the caller's clock be ahead of ours. */
const CLOCK_SKEW_MS = 60_000;

const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, { error: `Choose one of ${words.join(', ')}.` });
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max, { error: `Use at most ${max} characters.` });

const Cost = z
  .object({
    amountMinor: z
      .int({ error: 'Write a whole number of minor units.' })
      .min(0, { error: 'A cost is not below zero.' }),
    currency: z.string().describe('ISO 4217'),
  })
  .refine(({ amountMinor, currency }) => moneyFromMinor(amountMinor, currency) !== null, {
    error: 'Write an amount that can be, and its currency as three letters.',
  })
  .transform(({ amountMinor, currency }) => ({ amountMinor, currency: currency.toUpperCase() }));

export const ContactBody = z
  .strictObject({
    messageId: z.string().min(1).max(200).optional().describe('Makes it happen once; made for you when absent'),
    kind: oneOf(HAND_KINDS),
    text: z
      .string({ error: 'Write a word about what was said.' })
      .trim()
      .min(1, { error: 'Write a word about what was said.' })
      .max(MAX_TEXT, { error: `Use at most ${MAX_TEXT} characters.` }),
    direction: oneOf(DIRECTIONS)
      .optional()
      .describe('When absent: in for what was received, else out. Decides between sent and received'),
    channel: oneOf(CHANNELS).optional().describe('When absent, the usual one of the kind'),
    initiator: oneOf(INITIATORS).optional().describe('Who began it; when absent, as the direction says'),
    handler: oneOf(HANDLERS).default('staff'),
    handledBy: line(100).optional().describe('The colleague or the outside service'),
    phase: oneOf(PHASES).optional(),
    purpose: line(200).optional(),
    result: line(500).optional(),
    minutes: z
      .int({ error: 'Write the minutes as a whole number.' })
      .min(0, { error: 'Minutes are not below zero.' })
      .max(MAX_MINUTES, { error: `A contact lasts at most ${MAX_MINUTES} minutes.` })
      .optional(),
    cost: Cost.optional().describe('When absent, worked out from the rates of the channel'),
    arrangement: oneOf(ARRANGEMENTS).optional(),
    approach: oneOf(APPROACHES).optional(),
    activity: oneOf(ACTIVITIES).optional(),
    means: oneOf(MEANS).optional(),
    trade: oneOf(TRADES).optional(),
    occurredAt: moment.optional(),
  })
  .refine(({ kind, channel }) => kind !== 'contact_logged' || channel !== undefined, {
    path: ['channel'],
    error: 'Choose the channel of this contact.',
  });
export type ContactBody = z.output<typeof ContactBody>;

export const StrangerBody = z
  .strictObject({
    name: line(200).min(1, { error: 'Write the name of the person.' }),
    email: z
      .string()
      .refine((text) => normaliseEmail(text) !== null, { error: 'This is not an e-mail address.' })
      .transform(normaliseEmail)
      .optional(),
    phone: z
      .string()
      .refine((text) => normalisePhone(text) !== null, {
        error: 'Write the number with its country code, such as +44 20 7946 0958.',
      })
      .transform((text) => normalisePhone(text))
      .optional(),
  })
  .refine(({ email, phone }) => email !== undefined || phone !== undefined, {
    path: ['email'],
    error: 'Write an e-mail address or a telephone number, so that they are found again.',
  });

export type Fault = { readonly path: string; readonly message: string };

export const faultsOf = (error: z.ZodError): Fault[] =>
  error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));

/** What no schema can know: whether its time has come. */
export const faultOfTime = ({ occurredAt }: ContactBody, now: number): Fault | null =>
  (occurredAt ?? 0) > now + CLOCK_SKEW_MS
    ? { path: 'occurredAt', message: 'This time has not come yet. Leave it empty for now.' }
    : null;

/** The contact as the record takes it. */
export const contactOf = (body: ContactBody, messageId: string): HandLogged => ({
  ...body,
  messageId,
  purpose: body.purpose || undefined,
  result: body.result || undefined,
  handledBy: body.handledBy || undefined,
  occurredAt: body.occurredAt ?? null,
});

export const strangerOf = ({ name, email, phone }: z.output<typeof StrangerBody>): Stranger => ({
  name,
  email: email ?? null,
  phone: phone ?? null,
});
