import type { Field } from './field.ts';
import { answerFields } from './fields/answers.ts';
import { consentFields } from './fields/consent.ts';
import { contactFields } from './fields/contact.ts';
import { groupFields } from './fields/groups.ts';
import { happenedFields } from './fields/happened.ts';
import { occasionFields } from './fields/occasions.ts';
import { openFields } from './fields/open.ts';
import { orderFields } from './fields/orders.ts';
import { personFields } from './fields/person.ts';
import { customField, saidFields } from './fields/said.ts';
import { segmentFields } from './fields/segment.ts';
import { stageFields } from './fields/stages.ts';
import { vocabularyOf } from './words.ts';

/** All that can be asked of a customer: a family of fields is a file in `fields/` and a line here. */
export const fields: readonly Field[] = [
  ...contactFields,
  ...orderFields,
  ...answerFields,
  ...happenedFields,
  ...stageFields,
  ...openFields,
  ...personFields,
  ...saidFields,
  ...occasionFields,
  ...groupFields,
  ...consentFields,
  ...segmentFields,
];

export const segmentWords = vocabularyOf(fields, customField);
