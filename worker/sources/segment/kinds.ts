import { CORE_KINDS, type CoreKind } from '../../../schema/vocabulary.ts';

/**
 * Names of the e-commerce, e-mail and older specifications in our words:
 * https://segment.com/docs/connections/spec/ecommerce/v2/, /spec/email/. All others name themselves.
 */
const SPEC: ReadonlyMap<string, CoreKind> = new Map(
  Object.entries({
    order_placed: ['order placed', 'order created'],
    order_paid: ['order completed', 'completed order', 'order paid', 'item purchased', 'product purchased', 'purchase'],
    order_fulfilled: ['order fulfilled', 'order shipped'],
    order_updated: ['order updated', 'updated order'],
    order_cancelled: ['order cancelled', 'order canceled', 'cancelled order'],
    order_refunded: ['order refunded', 'refunded order'],
    checkout_started: ['checkout started', 'started checkout', 'checkout initiated'],
    checkout_abandoned: ['checkout abandoned', 'cart abandoned'],
    review_posted: ['product reviewed'],
    email_clicked: ['email link clicked'],
    email_complained: ['email marked as spam'],
    email_unsubscribed: ['unsubscribed'],
  } satisfies Partial<Record<CoreKind, readonly string[]>>).flatMap(([kind, names]) =>
    names.flatMap((name) => CORE_KINDS.filter((core) => core === kind).map((core): [string, CoreKind] => [name, core])),
  ),
);

/** What a visitor does on a site, so that a public key may say so. The other words of ours speak for the business. */
const OF_VISITORS = /^(?:order|checkout|form|review|page)_(?!deleted$)/;
/** What only our own surveys and a privacy request may say. */
const OURS = /^survey_|^customer_redacted$/;

/** Past participles that do not end in -ed or -en. */
const IRREGULAR: ReadonlySet<string> = new Set(
  'begun bought built held kept left lost made met paid read run sent set shown sold spent won'.split(' '),
);
const isDone = (word: string): boolean => word.length > 3 && (/e[dn]$/.test(word) || IRREGULAR.has(word));

const coreKind = (word: string): CoreKind | null => CORE_KINDS.find((kind) => kind === word) ?? null;

/** For names that are no noun and verb: the name itself stays in `data.event`. */
const UNNAMED = 'event_tracked';

export type Reading = { readonly kind: string; readonly core: CoreKind | null };

/** The kind of a tracked event. */
export function kindOf(event: string, isAsserted: boolean): Reading {
  const words = event
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.:/-]+/)
    .filter((word) => word !== '');
  const own = words.join('_');
  const core = SPEC.get(words.join(' ')) ?? coreKind(own);
  if (core !== null)
    return !OURS.test(core) && (isAsserted || OF_VISITORS.test(core))
      ? { kind: core, core }
      : { kind: UNNAMED, core: null };
  const isNounAndVerb = words.length > 1 && /^[a-z_]{1,60}$/.test(own) && isDone(words.at(-1) ?? '');
  return { kind: isNounAndVerb ? own : UNNAMED, core: null };
}
