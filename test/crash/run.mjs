import { compiled } from '../support/run-ts.mjs';

/**
 * `npm run test:crash [-- --seed N --touchpoints N --kills N]`: what was answered 200 is there after SIGKILL, once, and the
 * numbers agree; and so is a file of 100,000 rows (IMPORT_ROWS) that was being imported. Exits with 1 when anything is lost,
 * doubled or off.
 */
process.env.CRASH_SERVER = await compiled('crash/server.ts');
await import(await compiled('crash/torture.ts'));
await import(await compiled('crash/import.ts'));
