import { type QuestionKind, scaleAnswer } from '../question.ts';
import { summariseTopTwo } from '../statistics.ts';

/** Five faces, from very unhappy (1) to very happy (5). */
export default {
  kind: 'smileys',
  scale: { min: 1, max: 5 },
  schema: scaleAnswer(1, 5),
  score: (value) => value,
  text: () => null,
  summarise: (counts) => summariseTopTwo(counts, 5),
  isUnhappy: (score) => score <= 2,
  sample: { valid: 5, invalid: 6 },
} satisfies QuestionKind<number>;
