import fc from 'fast-check';

/**
 * What tests draw by chance. A run draws the same as the one before, so that what fails is what was changed; `SEED=random` looks
 * elsewhere and says where, `SEED=<n>` looks there again, and `TIMES=<factor>` draws so many times as much.
 */
const asked = process.env.SEED ?? '1';
export const SEED = asked === 'random' ? Date.now() % 1_000_000_000 : Number(asked);
if (asked === 'random') console.log(`SEED=${SEED}`);

const TIMES = Number(process.env.TIMES ?? 1);
/** How often to draw where `usual` is enough for every day. */
export const runs = (usual: number): number => Math.ceil(usual * TIMES);

/** Milliseconds that a test may take which draws so often, where `usual` are enough for every day. */
export const patience = (usual: number): number => usual * Math.max(1, TIMES);

fc.configureGlobal({ seed: SEED, numRuns: runs(100) });

export { fc };
