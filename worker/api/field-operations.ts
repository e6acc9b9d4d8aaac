import * as z from 'zod';
import { FIELD_KEY, FIELD_KINDS } from '../../schema/custom-field.ts';
import { notFound, type Problem } from '../platform/problem.ts';
import { addField, changeField, dropField, listFields } from '../record/custom-fields.ts';
import { fail, ok, operation } from './route.ts';

const tag = 'Custom fields';
const byKey = z.object({ key: z.string().max(40) });
const label = z.string().trim().min(1).max(60).describe('What people call it');
const choices = z.array(z.string().trim().min(1).max(60)).max(100).describe('For a field of kind choice');

const CustomField = z.object({
  key: z.string(),
  label: z.string(),
  kind: z.enum(FIELD_KINDS),
  choices: z.array(z.string()),
  isArchived: z.boolean().describe('Not asked for any more; what is held in it stays'),
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
      return ok({ items: fields.map((field) => ({ ...field, choices: [...field.choices] })), nextCursor: null });
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
      const field = { ...body, choices: [...new Set(body.choices)], isArchived: false };
      return (await addField(runtime, field)) ? ok(field) : fail(taken);
    },
  }),
  operation({
    method: 'patch',
    path: '/custom-fields/{key}',
    id: 'changeCustomField',
    summary: 'Rename a field, change its choices, archive it or take it up again',
    tag,
    params: byKey,
    body: z.strictObject({
      label: label.optional(),
      choices: choices.min(1).optional(),
      isArchived: z.boolean().optional(),
    }),
    response: CustomField,
    handle: async ({ runtime, params, body }) => {
      const field = await changeField(runtime.db, params.key, {
        ...(body.label !== undefined && { label: body.label }),
        ...(body.choices && { choices: [...new Set(body.choices)] }),
        ...(body.isArchived !== undefined && { isArchived: body.isArchived }),
      });
      return field ? ok({ ...field, choices: [...field.choices] }) : fail(notFound('custom field'));
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
