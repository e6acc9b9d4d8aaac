import type { ConsentInput } from '../../../schema/consent.ts';
import { saying } from '../consents.ts';
import { fieldOf, type JsonObject, known, listOf, objectOf, textOf } from '../read.ts';
import type { Item } from './item.ts';

/**
 * What the consent banner of a site told. Both clients speak of what is noted of visits and not of mail
 * (https://www.twilio.com/docs/segment/privacy/consent-management), and each site names its categories as it likes: only those that the
 * settings of the source name are read, and they mean profiling.
 * Segment: `context.consent.categoryPreferences`, true or false by category. RudderStack: `context.consentManagement`, two lists.
 */
function preferencesOf(context: JsonObject): ReadonlyMap<string, boolean> {
  const { consent, consentManagement } = context;
  const told = Object.entries(objectOf(objectOf(consent).categoryPreferences)).flatMap(([id, value]) =>
    typeof value === 'boolean' ? [[id, value] as const] : [],
  );
  const { allowedConsentIds, deniedConsentIds } = objectOf(consentManagement);
  const listed = ([ids, value]: readonly [JsonObject[string] | undefined, boolean]) =>
    listOf(ids, 100).flatMap((id) => {
      const text = textOf(id);
      return text === null ? [] : [[text, value] as const];
    });
  return new Map([...told, ...listed([allowedConsentIds, true]), ...listed([deniedConsentIds, false])]);
}

/** The event that Segment's clients send when somebody has changed their mind. */
const CHANGED = 'Segment Consent Preference Updated';

/**
 * Every event carries the preferences; read are those of `identify` and of the event that says they changed, so that a page view does
 * not write a ledger. A view (`isView`) only says where it is refused itself: then it is not kept, and writes nothing either.
 */
export function consentsOf(
  { call, body, context }: Item,
  categories: readonly string[],
  isView: boolean,
): { readonly consents?: readonly ConsentInput[] } {
  const isTelling = call === 'identify' || fieldOf(body, 'event') === CHANGED;
  if (categories.length === 0 || !(isTelling || isView)) return {};
  const preferences = preferencesOf(context);
  const named = categories.filter((category) => preferences.has(category));
  if (named.length === 0) return {};
  // Of several that mean the same the strictest.
  const isRefused = named.some((category) => preferences.get(category) === false);
  if (isView && !isRefused) return {};
  const state = isRefused ? 'denied' : 'granted';
  return saying([{ purpose: 'profiling', channel: 'web', state, proof: known({ categories: named.join(', ') }) }]);
}
