import * as z from 'zod';
import { insights } from '../insights/answers.gen.ts';
import type { Point as Figure } from '../insights/insight.ts';
import { lastMonths } from '../insights/spans.ts';
import { invalid, notFound } from '../platform/problem.ts';
import { closeAttention, listAttention } from '../reactions/attention.ts';
import { amongOf, amongQuery } from './among.ts';
import { fail, ok, operation } from './route.ts';
import { pageSchema, paging, time, toTime } from './schemas.ts';

const figure = z.number().nullable();
const Point = z.object({ from: time, to: time, n: z.int(), estimate: figure, low: figure, high: figure });
const pointItem = ({ from, to, n, estimate, low, high }: Figure): z.input<typeof Point> => ({
  from: toTime(from),
  to: toTime(to),
  n,
  estimate,
  low,
  high,
});

const Insight = z.object({
  id: z.string(),
  title: z.string(),
  question: z.string(),
  unit: z.enum(['points', 'share', 'mean', 'count', 'money']),
  currency: z.string().nullable(),
  series: z.array(z.object({ name: z.string(), total: Point, points: z.array(Point) })),
});

const Attention = z.object({
  id: z.string(),
  rule: z.string(),
  title: z.string(),
  customerId: z.string(),
  customerName: z.string().nullable(),
  touchpointId: z.string(),
  score: z.number().nullable(),
  text: z.string().nullable(),
  raisedAt: time,
});

export const insightOperations = [
  operation({
    method: 'get',
    path: '/insights',
    id: 'listInsights',
    summary: 'The questions that can be asked',
    tag: 'Insights',
    response: z.object({
      items: z.array(z.object({ id: z.string(), title: z.string(), question: z.string() })),
      nextCursor: z.null(),
    }),
    handle: async () =>
      ok({ items: insights.map(({ id, title, question }) => ({ id, title, question })), nextCursor: null }),
  }),
  operation({
    method: 'get',
    path: '/insights/{id}',
    id: 'getInsight',
    summary: 'One question answered as monthly series, with n and 95 % interval',
    tag: 'Insights',
    params: z.object({ id: z.string() }),
    query: z.object({ months: z.coerce.number().int().min(1).max(36).default(12), ...amongQuery }),
    response: Insight,
    handle: async ({ runtime, params, query }) => {
      const insight = insights.find(({ id }) => id === params.id);
      if (!insight) return fail(notFound('insight'));
      const asked = await amongOf(runtime, query);
      if (!asked.ok) return asked;
      const spans = lastMonths(runtime.clock.now(), query.months);
      const { unit, currency, series } = await insight.answer(runtime.db, spans, asked.value.among);
      return ok({
        id: insight.id,
        title: insight.title,
        question: insight.question,
        unit,
        currency,
        series: series.map(({ name, points, total }) => ({
          name,
          total: pointItem(total),
          points: points.map(pointItem),
        })),
      });
    },
  }),
  operation({
    method: 'get',
    path: '/attention',
    id: 'listAttention',
    summary: 'What waits for a person, latest first',
    tag: 'Attention',
    query: z.object(paging),
    response: pageSchema(Attention),
    handle: async ({ runtime, query }) => {
      const page = await listAttention(runtime.db, query.limit, query.cursor);
      if (!page) return fail(invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]));
      const items = page.items.map((item) => ({ ...item, id: String(item.id), raisedAt: toTime(item.raisedAt) }));
      return ok({ items, nextCursor: page.nextCursor });
    },
  }),
  operation({
    method: 'post',
    path: '/attention/{id}/close',
    id: 'closeAttention',
    summary: 'Mark one as seen to',
    tag: 'Attention',
    params: z.object({ id: z.string().regex(/^\d{1,15}$/) }),
    response: z.object({ closed: z.boolean() }),
    handle: async ({ runtime, params }) => {
      const closed = await closeAttention(runtime.db, Number(params.id), runtime.clock.now());
      return closed ? ok({ closed }) : fail(notFound('open item'));
    },
  }),
];
