import { type DeliveryLine, ERASED_PERSON, type Outcome } from '../record/deliveries.ts';

/** What became of a delivery, in the owner's words and with the mend. */

export const OUTCOMES: Readonly<Record<Outcome, { readonly word: string; readonly tone: 'good' | 'quiet' | 'bad' }>> = {
  accepted: { word: 'Accepted', tone: 'good' },
  duplicate: { word: 'Sent before', tone: 'quiet' },
  ignored: { word: 'Not needed', tone: 'quiet' },
  handshake: { word: 'Greeting', tone: 'quiet' },
  refused: { word: 'Refused', tone: 'bad' },
  malformed: { word: 'Not readable', tone: 'bad' },
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
  if (outcome === 'duplicate') return 'Everything in it had arrived before, so nothing was stored twice.';
  if (reason === null || reason === '') return null;
  if (reason === ERASED_PERSON)
    return 'It is of somebody who was erased: nothing that names them was stored, and its body is not kept.';
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
