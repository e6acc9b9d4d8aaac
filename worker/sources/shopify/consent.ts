import type { ConsentInput } from '../../../schema/consent.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { saying } from '../consents.ts';
import { firstOf, type JsonObject, known, objectOf, textOf, timeOf } from '../read.ts';

/** What a customer has agreed to, per channel, as the body words it. Null when the body says nothing of it. */
export function consentOf(...resources: readonly JsonObject[]): { readonly [channel: string]: Json } | null {
  const consent = known({
    email:
      firstOf(...resources.map((resource) => permission(resource.email_marketing_consent))) ?? oldPermission(resources),
    sms: firstOf(...resources.map((resource) => permission(resource.sms_marketing_consent))),
  });
  return Object.keys(consent).length > 0 ? consent : null;
}

type Permission = { readonly [key: string]: Json };

function permission(value: Json | undefined): Permission | null {
  const consent = objectOf(value);
  const state = textOf(consent.state);
  return state === null
    ? null
    : known({ state, optIn: textOf(consent.opt_in_level), at: textOf(consent.consent_updated_at) });
}

/** Orders and older bodies only have a tick box. */
function oldPermission(resources: readonly JsonObject[]): Permission | null {
  const ticks = resources.flatMap((resource) => [resource.buyer_accepts_marketing, resource.accepts_marketing]);
  const tick = ticks.find((value) => typeof value === 'boolean');
  return tick === undefined ? null : { state: tick ? 'subscribed' : 'not_subscribed' };
}

/**
 * https://shopify.dev/docs/api/admin-graphql/latest/enums/CustomerEmailMarketingState: `not_subscribed` is who never subscribed,
 * `pending` who has not confirmed yet. Neither says anything.
 */
const STATES: ReadonlyMap<string, ConsentInput['state']> = new Map([
  ['subscribed', 'granted'],
  ['unsubscribed', 'denied'],
]);

/** The same as the ledger takes it. The time is that of the person's own change, so that every order tells the same thing again. */
export function consentsOf(...resources: readonly JsonObject[]): { readonly consents?: readonly ConsentInput[] } {
  const told = consentOf(...resources) ?? {};
  return saying(
    (['email', 'sms'] as const).flatMap((channel): readonly ConsentInput[] => {
      const { state: word, optIn, at } = objectOf(told[channel]);
      const state = STATES.get(textOf(word)?.toLowerCase() ?? '');
      if (!state) return [];
      return [{ purpose: 'marketing', channel, state, at: timeOf(at), proof: known({ optIn: textOf(optIn) }) }];
    }),
  );
}
