import { type QuestionKind, scaleAnswer } from '../question.ts';
import { summariseNetPromoters } from '../statistics.ts';

/** How likely a recommendation is, 0 to 10; 6 and below are detractors. */
export default {
  kind: 'nps',
  scale: { min: 0, max: 10 },
  schema: scaleAnswer(0, 10),
  score: (value) => value,
  text: () => null,
  summarise: summariseNetPromoters,
  isUnhappy: (score) => score <= 6,
  sample: { valid: 9, invalid: 11 },
} satisfies QuestionKind<number>;
