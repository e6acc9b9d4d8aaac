import type { Insight } from '../insight.ts';
import { scoreSeries } from '../scores.ts';

export default {
  id: 'nps',
  title: 'Net promoter score',
  order: 10,
  question: 'Would our customers recommend us, and is it changing?',
  answer: (db, spans, among) => scoreSeries(db, 'nps', 'points', spans, among),
} satisfies Insight;
