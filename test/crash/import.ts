import { importWhileKilled } from './files.ts';

/** How many rows, by the environment: the arguments are those of the other half of the crash test. */
const rows = Number(process.env.IMPORT_ROWS ?? 100_000);
const seed = Date.now() % 1_000_000;
console.log(`\nimport: ${rows} rows, seed ${seed}`);
if (!(await importWhileKilled(rows, seed, 8832))) process.exitCode = 1;
