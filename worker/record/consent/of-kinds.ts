import type { ConsentChannel, ConsentInput, SuppressionInput } from '../../../schema/consent.ts';
import type { TouchpointInput } from '../../../schema/touchpoint.ts';

/**
 * What a contact of a known kind says of consent by itself, whichever source tells of it: an unsubscribing is a refusal, a bounce
 * an address that must not be written to.
 */
type Said = { readonly consents: readonly ConsentInput[]; readonly suppressions: readonly SuppressionInput[] };
const NOTHING: Said = { consents: [], suppressions: [] };

/** Offers and surveys are what lists send; what concerns an order is not given up with them. */
const refused = (channel: ConsentChannel, basis: NonNullable<ConsentInput['basis']>): readonly ConsentInput[] =>
  (['marketing', 'research'] as const).map((purpose) => ({ purpose, channel, state: 'denied', basis }));

/** A number that says STOP wants nothing more at all, as carriers have it; START takes that back and agrees to offers again. */
const stopped = (channel: 'sms' | 'messenger'): Said => ({
  consents: refused(channel, 'stop_word'),
  suppressions: [{ channel, reason: 'stop_word' }],
});
const started = (channel: 'sms' | 'messenger'): Said => ({
  consents: [
    { purpose: 'marketing', channel, state: 'granted', basis: 'stop_word' },
    { purpose: 'research', channel, state: 'none', basis: 'stop_word' },
  ],
  suppressions: [{ channel, reason: 'stop_word', isLifted: true }],
});

type Sayer = (t: TouchpointInput) => Said;
const OF_KINDS: ReadonlyMap<string, Sayer> = new Map<string, Sayer>([
  ['email_unsubscribed', () => ({ consents: refused('email', 'unsubscribe'), suppressions: [] })],
  [
    'email_complained',
    () => ({ consents: refused('email', 'complaint'), suppressions: [{ channel: 'email', reason: 'complaint' }] }),
  ],
  // Only of an address that will never work: a full mailbox is emptied some day.
  [
    'email_bounced',
    ({ data }) =>
      data?.hard === true ? { consents: [], suppressions: [{ channel: 'email', reason: 'bounce' }] } : NOTHING,
  ],
  ['sms_unsubscribed', () => stopped('sms')],
  ['message_unsubscribed', () => stopped('messenger')],
  ['sms_resubscribed', () => started('sms')],
  ['message_resubscribed', () => started('messenger')],
]);

/** All that a touchpoint says of consent: by its kind, and in so many words. */
export function saidWith(t: TouchpointInput): Said {
  const { consents, suppressions } = OF_KINDS.get(t.kind)?.(t) ?? NOTHING;
  return {
    consents: [...consents, ...(t.consents ?? [])],
    suppressions: [...suppressions, ...(t.suppressions ?? [])],
  };
}
