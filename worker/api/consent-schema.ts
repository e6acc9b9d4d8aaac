import * as z from 'zod';
import { BASES, CONSENT_CHANNELS, PURPOSES } from '../../schema/consent.ts';
import { ASSURANCES } from '../../schema/customer.ts';
import type { Standing } from '../record/consent/standing.ts';
import { time, toTime } from './times.ts';

/** What stands for one purpose and channel, as a customer of the API carries it. */
export const StandingConsent = z.object({
  purpose: z.enum(PURPOSES),
  channel: z.enum(CONSENT_CHANNELS),
  granted: z.boolean().describe('False for a refusal. What nobody has spoken of is not listed'),
  at: time,
  basis: z.enum(BASES),
  assurance: z.enum(ASSURANCES).describe('claimed: it counts once an address is known to be theirs'),
  source: z.string().nullable(),
  wording: z.string().nullable(),
});

export const standingItem = ({
  state,
  at,
  sourceName,
  proof: _proof,
  ...rest
}: Standing): z.input<typeof StandingConsent> => ({
  ...rest,
  granted: state === 'granted',
  at: toTime(at),
  source: sourceName,
});
