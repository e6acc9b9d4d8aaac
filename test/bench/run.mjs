import { compiled } from '../support/run-ts.mjs';

/** `npm run bench [-- --full --rows N --seconds N]`: what a write and a read cost, as ratios within one run. */
await import(await compiled('bench/bench.ts'));
await import(await compiled('bench/segments.ts'));
await import('./widget-bytes.mjs');
