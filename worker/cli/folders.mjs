/** Where things lie in a clone. All that a run writes is in `.wrangler/`, `.build/` and `.dev.vars`, which git ignores. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where a run keeps its data. RAPPORT_STATE names another place, so that tests leave yours alone. */
export const stateFolder = resolve(process.env.RAPPORT_STATE || `${root}.wrangler/state`);
export const wranglerBin = `${root}node_modules/wrangler/bin/wrangler.js`;

/** What every call of wrangler gets: no telemetry, no look at the network, its own notes inside the clone. */
export const wranglerEnv = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_LOG_PATH: `${root}.wrangler/logs`,
};
