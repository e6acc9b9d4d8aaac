import * as v from 'valibot';
import type { QuestionKind } from '../question.ts';

/** Free text, without a score. */
export default {
  kind: 'comment',
  scale: null,
  schema: v.pipe(v.string(), v.trim(), v.maxLength(5000, 'use at most 5000 characters')),
  score: () => null,
  text: (value) => (value === '' ? null : value),
  summarise: null,
  isUnhappy: () => false,
  sample: { valid: 'Fast delivery, friendly people.', invalid: 5 },
} satisfies QuestionKind<string>;
