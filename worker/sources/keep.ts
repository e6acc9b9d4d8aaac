import { ASSURANCES, type Assurance } from '../../schema/customer.ts';
import { maskForKeeping } from './mask.ts';
import type { Delivery } from './provider.ts';
import type { Source } from './store.ts';

/** What is kept with a delivery for a later reading, among its headers: no header of a sender is kept by such a name. */
const KEPT_ASSURANCE = 'rapport-assurance';
const KEPT_HASH = 'rapport-body';
const KEPT_TEST = 'rapport-test';

/** What was found of a delivery when it came, by its kept headers. */
export const keptFindings = (
  headers: Headers,
): { readonly assurance: Assurance | null; readonly bodyHash: string | null; readonly isTest: boolean } => ({
  assurance: ASSURANCES.find((assurance) => assurance === headers.get(KEPT_ASSURANCE)) ?? null,
  bodyHash: headers.get(KEPT_HASH),
  isTest: headers.get(KEPT_TEST) !== null,
});

/** Headers that say what a body is. Signatures, cookies and addresses stay out of the log. */
function keptHeaders(headers: Headers, findings: Readonly<Record<string, string | null>>): string {
  const kept = [...headers].filter(
    ([name]) =>
      /^(content-type|x-|ce-|webhook-id|origin$)/.test(name) &&
      !/(signature|hmac|forwarded|real-ip|auth|token|secret)/.test(name),
  );
  const all = kept.map(([name, value]) => [name, value.slice(0, 500)]);
  for (const [name, value] of Object.entries(findings)) if (value !== null) all.push([name, value]);
  return JSON.stringify(Object.fromEntries(all));
}

/** A delivery whose sender is known: when it came (epoch ms) and how far it is trusted. */
export type Arrival = {
  readonly at: number;
  readonly assurance: Assurance | null;
  /** The kept delivery that is read once more, and the hash that its body had before secrets were masked. */
  readonly replayOf?: number;
  readonly bodyHash?: string | null;
};
export type Arrived = Arrival & { readonly source: Source; readonly delivery: Delivery; readonly hash: string };

/** What is kept of a delivery: headers that say what it is, and its body without secrets. The hash of the whole stays with it. */
export function keptOf({ source, delivery, assurance, hash }: Arrived, isWanted: boolean) {
  const isNeeded = isWanted || source.bodyDays !== 0;
  const body = isNeeded ? maskForKeeping(delivery.body, delivery.headers.get('content-type') ?? '') : null;
  const headers = keptHeaders(delivery.headers, {
    [KEPT_ASSURANCE]: assurance,
    // A masked body no longer has the hash by which some deliveries are told apart.
    [KEPT_HASH]: body !== null && body !== delivery.body ? hash : null,
    [KEPT_TEST]: delivery.isTest ? 'true' : null,
  });
  return { headers, body };
}
