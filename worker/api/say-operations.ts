import * as z from 'zod';
import { FIELD_KEY } from '../../schema/custom-field.ts';
import { PROFILE_FIELDS } from '../../schema/customer.ts';
import { tidyTag } from '../../schema/staff-word.ts';
import { PARTIES, RELATIONSHIPS, WISH_CHANNELS } from '../../schema/vocabulary.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { listChanges } from '../record/changes.ts';
import { readCustomer } from '../record/customer.ts';
import { customerIdOf } from '../record/customers.ts';
import type { NewEdit } from '../record/edits.ts';
import { type Misfit, say } from '../record/say.ts';
import { customerOf } from './customer-operations.ts';
import { type Answer, type Call, fail, ok, operation } from './route.ts';
import { Customer, moment, pageSchema, paging, time, toTime, toTimeOrNull } from './schemas.ts';

const tag = 'Customers';
const byId = z.object({ id: z.string() });
const byTag = z.object({ id: z.string(), tag: z.string().max(200) });
const text = z.string().max(1000).nullable().optional();
const reason = z.string().trim().max(500).optional().describe('Why, in your own words; kept in the log of changes');

const Said = z.strictObject({
  name: text,
  language: text.describe('A language tag: en, pl, zh-Hans'),
  country: text,
  city: text,
  company: text,
  party: z.enum(PARTIES).nullable().optional(),
  relationship: z.enum(RELATIONSHIPS).nullable().optional(),
  owner: text.describe('Id of an active member of staff'),
  channel: z.enum(WISH_CHANNELS).nullable().optional().describe('How they wish to be reached'),
  fields: z
    .record(z.string().regex(FIELD_KEY), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('Your own fields, by key'),
  occasions: z
    .record(z.string(), z.string().nullable())
    .optional()
    .describe('MM-DD or YYYY-MM-DD by what it is: {"birthday": "03-14"}'),
  until: moment.nullable().optional().describe('All of it stands until then only'),
  reason,
});

const PLAIN = [...PROFILE_FIELDS, 'party', 'relationship', 'owner', 'channel'] as const;

/** A value of JSON as an edit keeps it. */
const textOf = (value: string | number | boolean | null): string | null => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? null : String(value);
};

/** The edits a patch asks for: what is not named stays, null takes back. */
function editsOf(body: z.output<typeof Said>): NewEdit[] {
  const untilAt = body.until ?? null;
  const pairs = [
    ...PLAIN.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]] as const])),
    ...Object.entries(body.fields ?? {}).map(([key, value]) => [`x:${key}`, textOf(value)] as const),
    ...Object.entries(body.occasions ?? {}).map(([what, day]) => [`occasion:${tidyTag(what) ?? what}`, day] as const),
  ];
  return pairs.map(([field, value]) => ({ field, value, untilAt: value === null ? null : untilAt }));
}

/** Where in the body a field was named. */
const pathOf = (field: string): string => `body.${field.replace(/^x:/, 'fields.').replace(/^occasion:/, 'occasions.')}`;
const misfit = (misfits: readonly Misfit[]) =>
  invalid(misfits.map(({ field, message }) => ({ path: pathOf(field), message })));

type Part = Pick<Call<unknown, unknown, unknown>, 'runtime' | 'actor' | 'locale'>;

async function change(
  { runtime, actor, locale }: Part,
  id: string,
  edits: readonly NewEdit[],
  why: string | undefined,
): Promise<Answer<z.input<typeof Customer>>> {
  const said = await say(runtime, id, edits, { actor: await actor(), reason: why || null });
  if (!said.ok) return fail(said.why === 'misfit' ? misfit(said.misfits) : notFound('customer'));
  const record = await readCustomer(runtime.db, id, { limit: 1, offset: 0 });
  return record ? ok(customerOf(record, runtime.clock.now(), locale)) : fail(notFound('customer'));
}

const noTag = invalid([{ path: 'path.tag', message: 'is no tag: write up to 40 letters, digits and spaces' }]);

const tagged = (call: Part & { readonly params: z.output<typeof byTag> }, value: '1' | null) => {
  const name = tidyTag(call.params.tag);
  return name === null
    ? Promise.resolve(fail(noTag))
    : change(call, call.params.id, [{ field: `tag:${name}`, value }], undefined);
};

export const sayOperations = [
  operation({
    method: 'patch',
    path: '/customers/{id}',
    id: 'changeCustomer',
    summary: 'Say who a customer is: it stands over what sources say until it is taken back with null',
    tag,
    params: byId,
    body: Said,
    response: Customer,
    handle: (call) => {
      const until = call.body.until;
      if (typeof until === 'number' && until <= call.runtime.clock.now())
        return Promise.resolve(fail(invalid([{ path: 'body.until', message: 'lies in the past' }])));
      return change(call, call.params.id, editsOf(call.body), call.body.reason);
    },
  }),
  operation({
    method: 'put',
    path: '/customers/{id}/tags/{tag}',
    id: 'tagCustomer',
    summary: 'Put a tag on a customer; it is kept in small letters',
    tag,
    params: byTag,
    response: Customer,
    handle: (call) => tagged(call, '1'),
  }),
  operation({
    method: 'delete',
    path: '/customers/{id}/tags/{tag}',
    id: 'untagCustomer',
    summary: 'Take a tag off a customer',
    tag,
    params: byTag,
    response: Customer,
    handle: (call) => tagged(call, null),
  }),
  operation({
    method: 'get',
    path: '/customers/{id}/changes',
    id: 'listChanges',
    summary: 'What staff and programs changed, decided and noted of a customer, latest first',
    tag,
    params: byId,
    query: z.object(paging),
    response: pageSchema(
      z.object({
        id: z.string(),
        field: z
          .string()
          .describe(
            'As in an edit; "joined" and "kept_apart" for who is who ("1", null when taken back); "consent:<purpose>:<channel>" for what staff noted',
          ),
        from: z.string().nullable(),
        to: z.string().nullable().describe('Null: taken back, the sources speak again'),
        at: time,
        until: time.nullable(),
        actor: z.string().describe('Id of a member of staff, "staff", "api" or the name of a rule'),
        actorName: z.string().nullable(),
        reason: z.string().nullable(),
        groupName: z.string().nullable().describe('Name of the organisation, where the field is about one'),
        before: z
          .object({ value: z.string(), sourceName: z.string() })
          .nullable()
          .describe('What a source said where staff had said nothing'),
        between: z
          .array(
            z.object({
              customerId: z.string(),
              name: z.string().nullable(),
              sourceName: z.string(),
              key: z.string().describe('What the source calls the person'),
            }),
          )
          .describe('The two that were joined or kept apart; empty for all else'),
      }),
    ),
    handle: async ({ runtime, params, query }) => {
      const customer = await customerIdOf(runtime.db, params.id);
      if (customer === null) return fail(notFound('customer'));
      const page = await listChanges(runtime.db, customer, query);
      if (!page) return fail(invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]));
      const items = page.items.map(({ untilAt, ...item }) => ({
        ...item,
        between: [...item.between],
        at: toTime(item.at),
        until: toTimeOrNull(untilAt),
      }));
      return ok({ items, nextCursor: page.nextCursor });
    },
  }),
];
