import { ASSURANCES, type Assurance } from '../../schema/customer.ts';

/** A delivery whose sender is known: when it came (epoch ms), how far it is trusted, and whose reply address it came to. */
export type Arrival = {
  readonly at: number;
  readonly assurance: Assurance | null;
  readonly fragmentId?: number | null;
};

/** Names under which what was found of a delivery is kept: no header of a sender is kept by such a name. */
const KEPT_ASSURANCE = 'rapport-assurance';
const KEPT_FRAGMENT = 'rapport-fragment';

/** What verification had found of a delivery, by its kept headers. */
export const keptAssurance = (headers: Headers): Assurance | null =>
  ASSURANCES.find((assurance) => assurance === headers.get(KEPT_ASSURANCE)) ?? null;

/** The fragment whose reply address a delivery had come to, by its kept headers. */
export const keptFragment = (headers: Headers): number | null => {
  const kept = headers.get(KEPT_FRAGMENT);
  return kept !== null && /^\d{1,15}$/.test(kept) ? Number(kept) : null;
};

/** Headers that say what a body is. Signatures, cookies and addresses stay out of the log. */
export function keptHeaders(headers: Headers, { assurance, fragmentId }: Arrival): string {
  const kept = [...headers].filter(
    ([name]) =>
      /^(content-type|x-|ce-|webhook-id|origin$)/.test(name) &&
      !/(signature|hmac|forwarded|real-ip|auth|token|secret)/.test(name),
  );
  const all = kept.map(([name, value]) => [name, value.slice(0, 500)]);
  if (assurance !== null) all.push([KEPT_ASSURANCE, assurance]);
  if (fragmentId != null) all.push([KEPT_FRAGMENT, String(fragmentId)]);
  return JSON.stringify(Object.fromEntries(all));
}
