import type { Arguments } from '../platform/arguments.ts';
import { fragmentsAmong, type Population } from '../record/segments/population.ts';

/**
 * The condition that what a column's fragment stands for belongs to a population: ` AND a.fragment_id IN (…)`, nothing without a
 * population. Its values come after those that `args` holds already.
 */
export const ofFragments = (column: string, among: Population | undefined, args: Arguments): string =>
  among ? ` AND ${column} IN ${fragmentsAmong(among, args)}` : '';
