import { type DeliveryLine, ERASED_PERSON, type Outcome, REFUSED_PROFILING } from '../record/deliveries.ts';
import type { Failure } from '../record/health.ts';
import type { Provider } from '../sources/provider.ts';

/** What became of a delivery, in the owner's words and with the mend. */

export const OUTCOMES: Readonly<Record<Outcome, { readonly word: string; readonly tone: 'good' | 'quiet' | 'bad' }>> = {
  accepted: { word: 'Accepted', tone: 'good' },
  duplicate: { word: 'Sent before', tone: 'quiet' },
  ignored: { word: 'Not needed', tone: 'quiet' },
  handshake: { word: 'Greeting', tone: 'quiet' },
  refused: { word: 'Refused', tone: 'bad' },
  malformed: { word: 'Not readable', tone: 'bad' },
  held: { word: 'Held', tone: 'quiet' },
  dead: { word: 'Not stored', tone: 'bad' },
};

const REFUSED: Readonly<Record<string, (detail: string) => string>> = {
  signature_missing: () =>
    'It carried no signature. Whoever sent it does not sign; if it was your shop, check that a signing secret is set there.',
  signature_malformed: () =>
    'Its signature is not written the way this sender writes them. Check that the address was given to the right kind of sender.',
  signature_mismatch: () =>
    'The secret here is not the one the sender signs with. Copy the signing secret from the sender again and paste it under “Secret”.',
  timestamp_stale: (detail) =>
    `It was signed at another time than it came (${detail}). A clock is wrong, or somebody sent an old delivery again.`,
  key_unavailable: () =>
    'The key to check its signature with could not be fetched from the sender. It will be tried again with the next delivery.',
  secret_missing: () =>
    'No secret is set here yet, so nothing can be checked. Paste the signing secret under “Secret”.',
  origin_refused: (origin) =>
    `It came from ${origin || 'a page that hides its address'}, which is not among the addresses allowed. If that page is yours, add it to the allowed addresses.`,
  unknown_key: () => 'Its address names no source.',
};

const IGNORED: Readonly<Record<string, string>> = {
  honeypot: 'A field that people do not see was filled in: a program sent it.',
  empty_form: 'All fields were empty.',
};

/** Why a delivery ended as it did, and what mends it; null where there is nothing to say. */
export function reasonSentence({ outcome, reason }: Pick<DeliveryLine, 'outcome' | 'reason'>): string | null {
  if (outcome === 'held') return 'It came while this source was paused, and is read once it is resumed.';
  if (outcome === 'duplicate') return 'Everything in it had arrived before, so nothing was stored twice.';
  if (reason === null || reason === '') return null;
  if (reason === ERASED_PERSON)
    return 'It is of somebody who was erased: nothing that names them was stored, and its body is not kept.';
  if (reason === REFUSED_PROFILING)
    return 'It told what somebody looked at who refused that it is noted: that part was not stored, and its body is not kept.';
  if (outcome === 'refused') {
    const [code = '', ...rest] = reason.split(': ');
    const sentence = Object.hasOwn(REFUSED, code) ? REFUSED[code] : undefined;
    return sentence ? sentence(rest.join(': ')) : reason;
  }
  if (outcome === 'ignored')
    return (
      (Object.hasOwn(IGNORED, reason) ? IGNORED[reason] : undefined) ??
      `Events of the kind “${reason}” say nothing about a customer.`
    );
  if (outcome === 'malformed')
    return `It does not fit: ${reason}. It is kept, so it can be replayed once this is mended.`;
  if (outcome === 'dead')
    return `It ${reason}. It is kept: replay it, and write to whoever looks after this worker if that fails.`;
  return reason;
}

/** Failures that one mend does away with: how often, the latest, and what to do. */
export type Trouble = {
  readonly outcome: Outcome;
  readonly sentence: string;
  /** The sender's own steps that mend it, where they say more. */
  readonly mend: string | null;
  readonly n: number;
  readonly lastDay: number;
  readonly lastId: number;
};

/** Reasons that the sender's steps about its secret mend. */
const OF_SECRET = /^(?:signature_(?:missing|mismatch|malformed)|secret_missing)$/;

/** The step of a provider's set-up that says where its secret stands. */
const secretStep = (provider: Provider): string | null =>
  provider.secret === 'none'
    ? null
    : (provider.setup.find(({ text, copy }) => copy === 'secret' || /secret|signing key|password/i.test(text))?.text ??
      null);

/** What failures have in common: the code of a refusal, the misfit without its place in a list. */
const kindOf = ({ outcome, reason }: Failure): string =>
  `${outcome} ${outcome === 'refused' && !reason?.startsWith('origin_refused') ? (reason ?? '').split(': ')[0] : (reason ?? '').replaceAll(/\[\d+\]/g, '[…]')}`;

/** Failures in groups, the latest first. */
export function troublesOf(failures: readonly Failure[], provider: Provider): Trouble[] {
  const groups = new Map<string, Trouble>();
  for (const failure of failures) {
    const { outcome, reason, n, lastDay, lastId } = failure;
    const kind = kindOf(failure);
    const group = groups.get(kind);
    if (group) {
      const sum = { n: group.n + n, lastDay: group.lastDay + lastDay, lastId: Math.max(group.lastId, lastId) };
      groups.set(kind, { ...group, ...sum });
      continue;
    }
    const code = (reason ?? '').split(': ')[0] ?? '';
    const mend = outcome === 'refused' && OF_SECRET.test(code) ? secretStep(provider) : null;
    const sentence = reasonSentence({ outcome, reason }) ?? 'No reason was noted.';
    groups.set(kind, { outcome, sentence, mend, n, lastDay, lastId });
  }
  return [...groups.values()].sort((a, b) => b.lastId - a.lastId);
}
