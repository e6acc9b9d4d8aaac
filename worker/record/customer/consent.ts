import {
  addressesOf,
  type Standing,
  type StandingRow,
  type Suppressed,
  standingOf,
  standingStatement,
  suppressedOf,
} from '../consent/standing.ts';
import { CUSTOMER, type Part, rowsOf } from './part.ts';

/** What they agreed to and refused, and which of their addresses must not be written to. */
export type Consent = { readonly standing: readonly Standing[]; readonly suppressed: readonly Suppressed[] };

export const consent: Part<Consent> = {
  now: [standingStatement(CUSTOMER), suppressedOf(addressesOf(CUSTOMER))],
  past: [standingStatement(CUSTOMER, '?2'), suppressedOf(addressesOf(CUSTOMER), '?2')],
  read: ([standing, suppressed]) => ({
    standing: rowsOf<StandingRow>(standing).map(standingOf),
    suppressed: rowsOf<Suppressed>(suppressed),
  }),
};
