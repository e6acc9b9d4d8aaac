import type { Insight } from '../insight.ts';
import { scoreSeries } from '../scores.ts';

export default {
  id: 'ces',
  title: 'Ease',
  order: 30,
  question: 'How easy do customers find it to get what they came for (1 to 7)?',
  answer: (db, spans, among) => scoreSeries(db, 'ces', 'mean', spans, among),
} satisfies Insight;
