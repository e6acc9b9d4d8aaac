import { Hono } from 'hono';
import { runMinute } from '../minute.ts';
import { systemClock } from '../platform/clock.ts';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../sources/doors.ts';
import { findDemoSources } from './development/demo-sources.ts';
import { seed } from './development/seed.ts';

/** What only the development build has: the demo shop, its history, and running the minute's jobs by hand. */
export function development(): Hono<{ Bindings: Bindings }> {
  return new Hono<{ Bindings: Bindings }>()
    .post('/demo/seed', async (c) => {
      const runtime = runtimeOf(c.env);
      const started = systemClock.now();
      const counted = await c.env.DB.prepare('SELECT count(*) AS customers FROM customer').first<{
        customers: number;
      }>();
      const customers = counted?.customers ?? 0;
      const isWanted = c.req.query('only') !== 'look' && (customers === 0 || c.req.query('force') === '1');
      const sources = isWanted ? await seed(runtime) : await findDemoSources(runtime);
      return c.json({
        isSeeded: isWanted,
        customers: isWanted ? null : customers,
        survey: sources?.delivery.key ?? null,
        milliseconds: systemClock.now() - started,
      });
    })
    .post('/demo/cron', async (c) => {
      await runMinute(c.env);
      return c.json({ ok: true });
    });
}
