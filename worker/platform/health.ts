import { Hono } from 'hono';
import type { Bindings } from './env.ts';
import { logError } from './log.ts';
import { ensureMigrated, migrationNames, NewerDatabase } from './migrate.ts';

/** `GET /health`: what runs, and whether its database can be reached and fits it. */
export const health = new Hono<{ Bindings: Bindings }>().get('/health', async (c) => {
  const facts = { version: __VERSION__, development: __DEV__, migrations: migrationNames() };
  c.header('cache-control', 'no-store');
  try {
    await ensureMigrated(c.env.DB);
    await c.env.DB.prepare('SELECT 1').first();
    return c.json({ status: 'ok', ...facts });
  } catch (error) {
    const status = error instanceof NewerDatabase ? 'database_newer' : 'database_unreachable';
    if (status === 'database_unreachable') logError(error);
    return c.json({ status, ...facts }, 503);
  }
});
