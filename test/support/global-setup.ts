import { bundle } from './worker.ts';

/** Both bundles, once for all test files of all projects. */
export default function setup(): void {
  if (process.env.BUNDLED) return;
  process.env.BUNDLED = '1';
  bundle('production');
  bundle('development');
}
