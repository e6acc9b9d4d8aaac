import { ASSURANCES, type Assurance } from '../../schema/customer.ts';
import { maskForKeeping } from './mask.ts';
import type { Delivery } from './provider.ts';
import type { Source } from './store.ts';

/** A delivery whose sender is known: when it came (epoch ms), how far it is trusted, and whose reply address it came to. */
export type Arrival = {
  readonly at: number;
  readonly assurance: Assurance | null;
  readonly fragmentId?: number | null;
  /** The kept delivery that is read once more, and the hash that its body had before secrets were masked. */
  readonly replayOf?: number;
  readonly bodyHash?: string | null;
};
export type Arrived = Arrival & { readonly source: Source; readonly delivery: Delivery; readonly hash: string };

/** Names under which what was found of a delivery is kept: no header of a sender is kept by such a name. */
const KEPT_ASSURANCE = 'rapport-assurance';
const KEPT_FRAGMENT = 'rapport-fragment';
const KEPT_HASH = 'rapport-body';
const KEPT_TEST = 'rapport-test';

/** What was found of a delivery when it came, by its kept headers: for a later reading. */
export function keptFindings(
  headers: Headers,
): Required<Pick<Arrival, 'assurance' | 'fragmentId' | 'bodyHash'>> & { readonly isTest: boolean } {
  const fragment = headers.get(KEPT_FRAGMENT);
  return {
    assurance: ASSURANCES.find((assurance) => assurance === headers.get(KEPT_ASSURANCE)) ?? null,
    fragmentId: fragment !== null && /^\d{1,15}$/.test(fragment) ? Number(fragment) : null,
    bodyHash: headers.get(KEPT_HASH),
    isTest: headers.get(KEPT_TEST) !== null,
  };
}

/** Headers that say what a body is, and what was found. Signatures, cookies and addresses stay out of the log. */
function keptHeaders(headers: Headers, findings: Readonly<Record<string, string | null>>): string {
  const kept = [...headers].filter(
    ([name]) =>
      /^(content-type|x-|ce-|webhook-id|origin$)/.test(name) &&
      !/(signature|hmac|forwarded|real-ip|auth|token|secret|key|passw|session|cookie|cred)/.test(name),
  );
  const all = kept.map(([name, value]) => [name, value.slice(0, 500)]);
  for (const [name, value] of Object.entries(findings)) if (value !== null) all.push([name, value]);
  return JSON.stringify(Object.fromEntries(all));
}

/** What is kept of a delivery: headers that say what it is, and its body without secrets. `isNeeded` however little is kept. */
export function keptOf({ source, delivery, assurance, fragmentId, hash }: Arrived, isNeeded: boolean) {
  const isKept = isNeeded || source.bodyDays !== 0;
  const body = isKept ? maskForKeeping(delivery.body, delivery.headers.get('content-type') ?? '') : null;
  const headers = keptHeaders(delivery.headers, {
    [KEPT_ASSURANCE]: assurance,
    [KEPT_FRAGMENT]: fragmentId == null ? null : String(fragmentId),
    // A masked body no longer has the hash by which some deliveries are told apart.
    [KEPT_HASH]: body !== null && body !== delivery.body ? hash : null,
    [KEPT_TEST]: delivery.isTest ? 'true' : null,
  });
  return { headers, body };
}
