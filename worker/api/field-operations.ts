import * as z from 'zod';
import { FIELD_KEY, FIELD_KINDS, type CustomField as Field, MAX_NAME, MOST_NAMES } from '../../schema/custom-field.ts';
import { notFound, type Problem } from '../platform/problem.ts';
import { dropField, listFields } from '../record/custom-fields.ts';
import { defineField, reviseField } from '../record/own-fields/define.ts';
import { HEARD_CONTACTS, HEARD_DAYS, heardLately } from '../record/own-fields/heard.ts';
import { fail, ok, operation } from './route.ts';

const tag = 'Custom fields';
const byKey = z.object({ key: z.string().max(40) });
const label = z.string().trim().min(1).max(60).describe('What people call it');
const choices = z.array(z.string().trim().min(1).max(60)).max(100).describe('For a field of kind choice');

const filledFrom = z
  .array(z.string().trim().min(1).max(MAX_NAME))
  .max(MOST_NAMES)
  .describe('What sources call it: traits, columns of files, questions of forms. Empty: only staff fill it in');

const CustomField = z.object({
  key: z.string(),
  label: z.string(),
  kind: z.enum(FIELD_KINDS),
  choices: z.array(z.string()),
  isArchived: z.boolean().describe('Not asked for any more; what is held in it stays'),
  filledFrom: z.array(z.string()).describe('What sources call it: traits, columns of files, questions of forms'),
});

const itemOf = (field: Field): z.input<typeof CustomField> => ({
  ...field,
  choices: [...field.choices],
  filledFrom: [...field.filledFrom],
});

const taken: Problem = {
  status: 409,
  code: 'key_taken',
  title: 'This key is taken',
  detail: 'Choose another key, or change the field that has it. There can be at most 100 fields.',
};
const inUse: Problem = {
  status: 409,
  code: 'in_use',
  title: 'Something is held in this field',
  detail: 'Archive it instead: it is not asked for any more, and what is held stays.',
};

const NewField = z
  .strictObject({
    key: z.string().regex(FIELD_KEY, 'write small letters, digits and _, beginning with a letter'),
    label,
    kind: z.enum(FIELD_KINDS),
    choices: choices.default([]),
    filledFrom: filledFrom.default([]),
  })
  .refine(({ kind, choices: given }) => (kind === 'choice') === given.length > 0, {
    path: ['choices'],
    message: 'name at least one choice for a field of kind choice, and none for another kind',
  });

export const fieldOperations = [
  operation({
    method: 'get',
    path: '/custom-fields',
    id: 'listCustomFields',
    summary: 'The fields you keep of customers beside the usual ones',
    tag,
    response: z.object({ items: z.array(CustomField), nextCursor: z.null() }),
    handle: async ({ runtime }) => {
      const fields = await listFields(runtime.db);
      return ok({ items: fields.map(itemOf), nextCursor: null });
    },
  }),
  operation({
    method: 'post',
    path: '/custom-fields',
    id: 'addCustomField',
    summary: 'Define a field; its key and kind stay',
    tag,
    body: NewField,
    response: CustomField,
    status: 201,
    handle: async ({ runtime, body }) => {
      const filled = [...new Set(body.filledFrom)];
      const field = { ...body, choices: [...new Set(body.choices)], filledFrom: filled, isArchived: false };
      return (await defineField(runtime, field)) ? ok(field) : fail(taken);
    },
  }),
  operation({
    method: 'patch',
    path: '/custom-fields/{key}',
    id: 'changeCustomField',
    summary: 'Rename a field, change its choices or what it is filled from, archive it or take it up again',
    tag,
    params: byKey,
    body: z.strictObject({
      label: label.optional(),
      choices: choices.min(1).optional(),
      filledFrom: filledFrom.optional(),
      isArchived: z.boolean().optional(),
    }),
    response: CustomField,
    handle: async ({ runtime, params, body }) => {
      const field = await reviseField(runtime.db, params.key, {
        ...(body.label !== undefined && { label: body.label }),
        ...(body.choices && { choices: [...new Set(body.choices)] }),
        ...(body.filledFrom && { filledFrom: [...new Set(body.filledFrom)] }),
        ...(body.isArchived !== undefined && { isArchived: body.isArchived }),
      });
      return field ? ok(itemOf(field)) : fail(notFound('custom field'));
    },
  }),
  operation({
    method: 'get',
    path: '/told-names',
    id: 'listToldNames',
    summary: 'What sources have told of people lately, by name: what fields can be filled from, and what did not fit',
    tag,
    response: z.object({
      items: z
        .array(
          z.object({
            name: z.string(),
            times: z.int(),
            examples: z.array(z.string()).describe('The commonest values'),
            fields: z.array(z.string()).describe('Keys of the fields that are filled from it'),
          }),
        )
        .describe(
          `Of the last ${HEARD_DAYS} days, at most ${HEARD_CONTACTS} contacts; what sources vouch for first, then what is told of most people; at most 200 beside those that fill a field`,
        ),
      keptOut: z
        .array(z.object({ field: z.string(), times: z.int(), why: z.string().describe('Of the latest') }))
        .describe('Values that did not fit a field'),
      nextCursor: z.null(),
    }),
    handle: async ({ runtime: { db, clock } }) => {
      const { names, keptOut } = await heardLately(db, await listFields(db), clock.now());
      return ok({
        items: names.map((one) => ({ ...one, examples: [...one.examples], fields: [...one.fields] })),
        keptOut: [...keptOut].map(([field, out]) => ({ field, ...out })),
        nextCursor: null,
      });
    },
  }),
  operation({
    method: 'delete',
    path: '/custom-fields/{key}',
    id: 'deleteCustomField',
    summary: 'Take away a field that nothing is held in',
    tag,
    params: byKey,
    response: z.object({ key: z.string() }),
    handle: async ({ runtime, params }) => {
      const outcome = await dropField(runtime.db, params.key);
      if (outcome === 'no_such_field') return fail(notFound('custom field'));
      return outcome === 'in_use' ? fail(inUse) : ok({ key: params.key });
    },
  }),
];
