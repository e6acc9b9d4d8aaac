import { type QuestionKind, scaleAnswer } from '../question.ts';
import { summariseMean } from '../statistics.ts';

/** Customer effort, CES 2.0: agreement with "was easy", 1 to 7, where 7 is easiest. Reported as the mean. */
export default {
  kind: 'ces',
  scale: { min: 1, max: 7 },
  schema: scaleAnswer(1, 7),
  score: (value) => value,
  text: () => null,
  summarise: (counts) => summariseMean(counts, 1, 7),
  isUnhappy: (score) => score <= 3,
  sample: { valid: 6, invalid: 8 },
} satisfies QuestionKind<number>;
