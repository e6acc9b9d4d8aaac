import type { Basis, ConsentChannel, ConsentState, Purpose, SuppressionReason } from '../../../schema/consent.ts';
import { type Assurance, assuranceOf } from '../../../schema/customer.ts';
import { parseStored } from '../../platform/json.ts';
import { refusedBefore, suppressedBefore } from './kept.ts';

/**
 * What stands. A fragment says what it said last, and what is more than a claim is heard before any claim. Among claims a refusal is
 * heard before all else, since whoever types the address speaks there: only a better word lifts it. No claim refuses what concerns an
 * order of theirs. Over the fragments of one person a refusal stands over an agreement, and either over silence. Nothing is kept: a merge
 * and its undoing move no row.
 */
export type Standing = {
  readonly purpose: Purpose;
  readonly channel: ConsentChannel;
  readonly state: ConsentState;
  /** When the person said it, epoch ms. */
  readonly at: number;
  readonly basis: Basis;
  readonly assurance: Assurance;
  /** Name of the source that told; null for what was said to us. */
  readonly sourceName: string | null;
  readonly wording: string | null;
  readonly proof: Readonly<Record<string, unknown>> | null;
};

/** An address of theirs that must not be written to. */
export type Suppressed = {
  readonly channel: ConsentChannel;
  readonly address: string;
  readonly reason: SuppressionReason;
  /** Epoch ms. */
  readonly at: number;
  /** 1 where it was so before its owner was erased: only they can take it back. */
  readonly isKept: 0 | 1;
};

/** An SQL condition: the fragment is a browser's own, whose name nobody else knows, so that its claims are of one person. */
export const isOneBrowser = (fragment: string): string =>
  `EXISTS (SELECT 1 FROM identifier n WHERE n.fragment_id = ${fragment} AND +n.kind = 'anonymous_id')`;

/** The word of a fragment that is heard, of rows `k`: by more than a claim where there is such; else a refusal; else what it says last. */
const HEARD = `k.assurance > 1 DESC, (k.assurance = 1 AND k.state = 'denied' AND NOT ${isOneBrowser('k.fragment_id')}) DESC,
       k.at DESC, k.state = 'denied' DESC, k.state DESC, k.basis, k.wording, k.proof`;
/** No claim keeps anybody from what concerns their orders. */
const IS_HEARD = "NOT (k.assurance = 1 AND k.purpose = 'service' AND k.state = 'denied')";
/** Whose word counts over several fragments: a refusal before an agreement before nothing, better words before claims, then the latest. Of rows `l`. */
export const COUNTS =
  "l.state = 'denied' DESC, l.state, l.assurance > 1 DESC, l.at DESC, l.assurance DESC, l.basis, l.source_id, l.wording, l.proof";

const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * The latest word of each fragment, and what its person had refused before they were erased, as rows of `consent`. `fragments` is a subquery of fragment ids; `upto` an SQL time.
 */
export const latestOf = (fragments: string, upto: string): string =>
  `SELECT fragment_id, purpose, channel, state, at, assurance, basis, source_id, wording, proof FROM (
     SELECT k.*, row_number() OVER (PARTITION BY k.fragment_id, k.purpose, k.channel ORDER BY ${HEARD}) AS place
     FROM (${fragments}) m CROSS JOIN consent k ON k.fragment_id = m.id WHERE k.at <= ${upto} AND ${IS_HEARD})
   WHERE place = 1 UNION ALL ${refusedBefore(fragments, upto)}`;

/** What stands over some fragments, a subquery of ids. `upto` is an SQL time, all of it when left out. */
export const standingOver = (fragments: string, upto: string = String(NEVER)): string =>
  `SELECT n.purpose, n.channel, n.state, n.at, n.basis, n.assurance, n.wording, n.proof, s.name AS source_name FROM (
     SELECT l.*, row_number() OVER (PARTITION BY l.purpose, l.channel ORDER BY ${COUNTS}) AS first
     FROM (${latestOf(fragments, upto)}) l) n
   LEFT JOIN source s ON s.id = n.source_id WHERE n.first = 1 AND n.state <> 'none' ORDER BY n.purpose, n.channel`;

/** What stands for a customer: `customer` is a subquery of one internal id. */
export const standingStatement = (customer: string, upto: string = String(NEVER)): string =>
  standingOver(`SELECT f.id FROM fragment f WHERE f.customer_id = ${customer}`, upto);

/**
 * An SQL expression: `granted`, `denied` or NULL, as it stands for one purpose and channel of a customer (an SQL expression). That
 * somebody only claims to agree is not told: it permits nothing.
 */
export const consentState = (customer: string, purpose: Purpose, channel: ConsentChannel): string =>
  `(SELECT l.state FROM (${latestOf(`SELECT f.id FROM fragment f WHERE f.customer_id = ${customer}`, String(NEVER))}) l
     WHERE l.purpose = '${purpose}' AND l.channel = '${channel}' AND (l.state = 'denied' OR (l.state = 'granted' AND l.assurance > 1)) ORDER BY ${COUNTS} LIMIT 1)`;

export type StandingRow = {
  purpose: Purpose;
  channel: ConsentChannel;
  state: ConsentState;
  at: number;
  basis: Basis;
  assurance: number;
  wording: string | null;
  proof: string | null;
  source_name: string | null;
};
export const standingOf = ({ source_name, assurance, proof, ...row }: StandingRow): Standing => ({
  ...row,
  assurance: assuranceOf(assurance),
  sourceName: source_name,
  proof: parseStored<Record<string, unknown> | null>(proof, null),
});

/** The latest word on each address and reason; `s` is in scope. */
const isLatest = (upto: string): string =>
  `s.at <= ${upto} AND NOT EXISTS (SELECT 1 FROM suppression o WHERE o.channel = s.channel AND o.address = s.address AND o.reason = s.reason
     AND o.at <= ${upto} AND (o.at > s.at OR (o.at = s.at AND o.state = 'suppressed' AND s.state = 'lifted')))`;

/** Addresses that must not be written to, of `addresses` (a subquery of kind and value): the union over all who have them. */
export const suppressedOf = (addresses: string, upto: string = String(NEVER)): string =>
  `SELECT s.channel, s.address, s.reason, s.at, 0 AS isKept FROM (${addresses}) a
   CROSS JOIN json_each(iif(a.kind = 'email', '["email"]', '["sms", "messenger", "phone"]')) w
   CROSS JOIN suppression s ON s.channel = w.value AND s.address = a.value
   WHERE s.state = 'suppressed' AND ${isLatest(upto)} UNION ${suppressedBefore(addresses, upto)} ORDER BY 1, 2, 3`;

/** The addresses of a customer, claimed ones too: to show them is no word on whose they are. */
export const addressesOf = (customer: string): string =>
  `SELECT DISTINCT i.kind, i.value FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind IN ('email', 'phone')
   WHERE f.customer_id = ${customer} LIMIT 200`;
