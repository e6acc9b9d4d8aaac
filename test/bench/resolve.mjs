import { compiled } from '../support/run-ts.mjs';

/** `npm run bench:resolve [-- --customers N --rounds N]`: what it costs to work out who somebody is, among few and among many. */
await import(await compiled('bench/resolve.ts'));
