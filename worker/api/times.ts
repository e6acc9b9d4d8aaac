import * as z from 'zod';

/** Moments as the API writes them. */
export const time = z.iso.datetime().describe('RFC 3339, UTC');
export const toTime = (ms: number): string => new Date(ms).toISOString();
export const toTimeOrNull = (ms: number | null): string | null => (ms === null ? null : toTime(ms));
