import * as z from 'zod';
import { BASES, CONSENT_CHANNELS, PURPOSES } from '../../schema/consent.ts';
import { ASSURANCES } from '../../schema/customer.ts';
import type { Json } from '../../schema/touchpoint.ts';
import type { Runtime } from '../platform/env.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { type Entry, listLedger } from '../record/consent/history.ts';
import { readConsent, recordConsents } from '../record/consent/ledger.ts';
import { mayContact, whyNot } from '../record/consent/may-contact.ts';
import { addWording, listWordings } from '../record/consent/wordings.ts';
import { customerIdOf } from '../record/customers.ts';
import { StandingConsent, standingItem } from './consent-schema.ts';
import { fail, ok, operation } from './route.ts';
import { moment, pageSchema, paging, time, toTime } from './schemas.ts';

const tag = 'Consent';
const byId = z.object({ id: z.string() });
const purpose = z.enum(PURPOSES);
const channel = z.enum(CONSENT_CHANNELS);

const LedgerEntry = z.object({
  id: z.string(),
  purpose,
  channel,
  state: z.enum(['granted', 'denied', 'none']).describe('none takes back what the same source told before'),
  at: time.describe('When they said it'),
  recordedAt: time,
  basis: z.enum(BASES),
  assurance: z.enum(ASSURANCES),
  source: z.string().nullable(),
  touchpointId: z.string().nullable(),
  wording: z.string().nullable(),
  proof: z.record(z.string(), z.json()).nullable(),
});

const entryItem = ({ at, recordedAt, sourceName, proof, ...rest }: Entry): z.input<typeof LedgerEntry> => ({
  ...rest,
  at: toTime(at),
  recordedAt: toTime(recordedAt),
  source: sourceName,
  // Kept as the JSON it came as.
  proof: proof as Record<string, Json> | null as z.input<typeof LedgerEntry>['proof'],
});

const Wording = z.object({
  version: z.string().regex(/^[\w.-]{1,100}$/, 'use letters, digits, points and hyphens'),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'write a code such as en, bg or zh-Hans'),
  purpose,
  text: z.string().trim().min(1).max(4000),
});
const StoredWording = Wording.extend({ fromAt: time });

async function standingOf({ db }: Runtime, customer: number) {
  return (await readConsent(db, customer)).map(standingItem);
}

export const consentOperations = [
  operation({
    method: 'get',
    path: '/customers/{id}/consents',
    id: 'listConsents',
    summary: 'Everything a customer agreed to or refused, what was heard last first',
    tag,
    params: byId,
    query: z.object({ ...paging }),
    response: pageSchema(LedgerEntry),
    handle: async ({ runtime, params, query }) => {
      const customer = await customerIdOf(runtime.db, params.id);
      if (customer === null) return fail(notFound('customer'));
      const page = await listLedger(runtime.db, customer, query.limit, query.cursor);
      return page
        ? ok({ items: page.items.map(entryItem), nextCursor: page.nextCursor })
        : fail(invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]));
    },
  }),
  operation({
    method: 'post',
    path: '/customers/{id}/consents',
    id: 'recordConsents',
    summary: 'Note what a customer said to you, with how it can be shown; gives what stands then',
    tag,
    params: byId,
    body: z.strictObject({
      consents: z
        .array(z.strictObject({ purpose, channel, state: z.enum(['granted', 'denied']) }))
        .min(1)
        .max(30),
      note: z.string().trim().min(1).max(500).describe('How they said it: by telephone, on paper, where it is kept'),
      at: moment.optional().describe('When they said it; left out: now'),
      wording: z.string().trim().min(1).max(100).optional().describe('Version of the text they were shown'),
    }),
    status: 201,
    response: z.object({ standing: z.array(StandingConsent) }),
    handle: async ({ runtime, params, body, actor }) => {
      const { consents, note, at, wording } = body;
      if (at !== undefined && at > runtime.clock.now())
        return fail(invalid([{ path: 'body.at', message: 'has not come yet' }]));
      const said = { consents, basis: 'staff', proof: { note, by: await actor() } } as const;
      const isThere = await recordConsents(runtime, params.id, {
        ...said,
        ...(at !== undefined && { at }),
        ...(wording !== undefined && { wording }),
      });
      const customer = isThere ? await customerIdOf(runtime.db, params.id) : null;
      return customer === null ? fail(notFound('customer')) : ok({ standing: await standingOf(runtime, customer) });
    },
  }),
  operation({
    method: 'get',
    path: '/customers/{id}/may-contact',
    id: 'mayContact',
    summary: 'Whether a customer may be contacted now, and why not; ask right before each sending',
    tag,
    params: byId,
    query: z.object({
      purpose: purpose.default('marketing'),
      channel: channel.default('email'),
      address: z
        .string()
        .max(320)
        .optional()
        .describe('Where it goes; left out, each address of theirs has to be free'),
    }),
    response: z.object({ ok: z.boolean(), rule: z.string().nullable(), why: z.string().nullable() }),
    handle: async ({ runtime, params, query }) => {
      const customer = await customerIdOf(runtime.db, params.id);
      if (customer === null) return fail(notFound('customer'));
      const { purpose, channel, address } = query;
      const contact = { purpose, channel, ...(address !== undefined && { address }) };
      const answer = await mayContact(runtime.db, customer, contact);
      return ok(
        answer.ok ? { ok: true, rule: null, why: null } : { ok: false, rule: answer.why.rule, why: whyNot(answer.why) },
      );
    },
  }),
  operation({
    method: 'get',
    path: '/wordings',
    id: 'listWordings',
    summary: 'The texts people are asked to agree to, by version and language',
    tag,
    response: z.object({ items: z.array(StoredWording) }),
    handle: async ({ runtime }) =>
      ok({
        items: (await listWordings(runtime.db)).map(({ fromAt, ...rest }) => ({ ...rest, fromAt: toTime(fromAt) })),
      }),
  }),
  operation({
    method: 'post',
    path: '/wordings',
    id: 'addWording',
    summary: 'Add a text; a version that is there stays as it is',
    tag,
    body: Wording,
    status: 201,
    response: z.object({ version: z.string(), language: z.string() }),
    handle: async ({ runtime, body }) =>
      (await addWording(runtime, body))
        ? ok({ version: body.version, language: body.language })
        : fail(invalid([{ path: 'body.version', message: 'is there in this language with other words' }])),
  }),
];
