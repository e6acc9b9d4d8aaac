import type { Insight } from '../insight.ts';
import { scoreSeries } from '../scores.ts';

export default {
  id: 'csat',
  title: 'Satisfied customers',
  order: 20,
  question: 'How many of those asked were satisfied (4 or 5 of 5)?',
  answer: (db, spans, among) => scoreSeries(db, 'csat', 'share', spans, among),
} satisfies Insight;
