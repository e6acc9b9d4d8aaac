import { bundle } from './worker.ts';

/** Both bundles, once for all test files. */
export default function setup(): void {
  bundle('production');
  bundle('development');
}
