import { type QuestionKind, scaleAnswer } from '../question.ts';
import { summariseTopTwo } from '../statistics.ts';

/** Satisfaction, 1 to 5, reported as the share of 4 and 5. */
export default {
  kind: 'csat',
  scale: { min: 1, max: 5 },
  schema: scaleAnswer(1, 5),
  score: (value) => value,
  text: () => null,
  summarise: (counts) => summariseTopTwo(counts, 5),
  isUnhappy: (score) => score <= 2,
  sample: { valid: 4, invalid: 0 },
} satisfies QuestionKind<number>;
