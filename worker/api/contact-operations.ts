import * as z from 'zod';
import type { ContactRate } from '../../schema/contact-cost.ts';
import { currencyCode } from '../../schema/money.ts';
import { CHANNELS, HANDLERS } from '../../schema/vocabulary.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { logByHand, logOfStranger } from '../record/by-hand.ts';
import { listRates, saveRates } from '../record/contact-rates.ts';
import { customerIdOf } from '../record/customers.ts';
import { ContactBody, contactOf, faultOfTime, StrangerBody, strangerOf } from './contact-schema.ts';
import { fail, ok, operation } from './route.ts';
import { date, dayOf, toDay } from './schemas.ts';

const tag = 'Contacts by hand';

const minor = z.int().min(0).max(10_000_000).nullable();
const Rate = z.object({
  channel: z.enum(CHANNELS),
  handler: z.enum(HANDLERS),
  validFrom: date,
  perContactMinor: minor.describe('Minor units for each contact'),
  perMinuteMinor: minor.describe('Minor units for each minute; both null: not known from then on'),
  currency: z.string().describe('ISO 4217'),
});
const RateBody = z.strictObject({
  validFrom: date.describe('The day they begin to hold, in UTC'),
  items: z
    .array(
      Rate.omit({ validFrom: true }).extend({
        perContactMinor: minor.default(null),
        perMinuteMinor: minor.default(null),
        currency: z
          .string()
          .refine((code) => currencyCode(code) !== null, { error: 'Write the currency as three letters.' })
          .transform((code) => code.toUpperCase()),
      }),
    )
    .min(1)
    .max(CHANNELS.length * HANDLERS.length),
});

const rateItem = (rate: ContactRate): z.input<typeof Rate> => ({ ...rate, validFrom: toDay(rate.validFrom) });
const ratesOf = async (db: D1Database) => ({ items: (await listRates(db)).map(rateItem), nextCursor: null });
const Rates = z.object({ items: z.array(Rate), nextCursor: z.null() });

export const contactOperations = [
  operation({
    method: 'post',
    path: '/customers/{id}/touchpoints',
    id: 'logTouchpoint',
    summary: 'Log a contact by hand: a call, a meeting, a letter, a talk at a fair, a note',
    tag,
    params: z.object({ id: z.string() }),
    body: ContactBody,
    response: z.object({ messageId: z.string() }),
    status: 201,
    handle: async ({ runtime, params, body }) => {
      const fault = faultOfTime(body, runtime.clock.now());
      if (fault) return fail(invalid([{ ...fault, path: `body.${fault.path}` }]));
      const customer = await customerIdOf(runtime.db, params.id);
      if (customer === null) return fail(notFound('customer'));
      const messageId = body.messageId ?? runtime.clock.uuid();
      await logByHand(runtime, customer, contactOf(body, messageId));
      return ok({ messageId });
    },
  }),
  operation({
    method: 'post',
    path: '/customers',
    id: 'meetCustomer',
    summary: 'Somebody new, with the first contact; who is known by the address already gets it on their record',
    tag,
    body: z.strictObject({ person: StrangerBody, contact: ContactBody }),
    response: z.object({ id: z.string(), messageId: z.string() }),
    status: 201,
    handle: async ({ runtime, body: { person, contact } }) => {
      const fault = faultOfTime(contact, runtime.clock.now());
      if (fault) return fail(invalid([{ ...fault, path: `body.contact.${fault.path}` }]));
      const messageId = contact.messageId ?? runtime.clock.uuid();
      const id = await logOfStranger(runtime, strangerOf(person), contactOf(contact, messageId));
      return ok({ id, messageId });
    },
  }),
  operation({
    method: 'get',
    path: '/contact-rates',
    id: 'listContactRates',
    summary: 'What a contact costs by channel and handler, with its history, newest first',
    tag,
    response: Rates,
    handle: async ({ runtime }) => ok(await ratesOf(runtime.db)),
  }),
  operation({
    method: 'put',
    path: '/contact-rates',
    id: 'setContactRates',
    summary: 'Set what a contact costs from a day on; contacts before it keep their rates',
    tag,
    body: RateBody,
    response: Rates,
    handle: async ({ runtime, body: { validFrom, items } }) => {
      await saveRates(
        runtime.db,
        items.map((item) => ({ ...item, validFrom: dayOf(validFrom) })),
      );
      return ok(await ratesOf(runtime.db));
    },
  }),
];
