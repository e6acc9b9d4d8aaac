import type { Identifier, Suggestion } from '../../record/customer.ts';
import type { Limit } from '../../record/identity/limits.ts';
import type { MatchKind } from '../../record/suggestions/keys.ts';
import { formatCount, formatDay, humanise } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Trust, Value } from './voices.tsx';

const KIND_NAMES: Readonly<Record<string, string>> = {
  email: 'E-mail',
  phone: 'Phone',
  user_id: 'User id',
  anonymous_id: 'Browser',
  customer: 'Customer number',
};
export const kindName = (kind: string): string =>
  (Object.hasOwn(KIND_NAMES, kind) ? KIND_NAMES[kind] : undefined) ?? humanise(kind);

/** One value with all who say it, the best assured first: an address that three sources know stands there once. */
function sayersOf(identifiers: readonly Identifier[]): Identifier[][] {
  const groups = new Map<string, Identifier[]>();
  for (const identifier of identifiers) {
    const name = `${identifier.kind} ${identifier.value}`;
    groups.set(name, [...(groups.get(name) ?? []), identifier]);
  }
  return [...groups.values()];
}

function IdentifierLine({ sayers }: { readonly sayers: readonly Identifier[] }) {
  const [best] = sayers;
  if (!best) return null;
  const { kind, value, assurance } = best;
  return (
    <li>
      <p class="identifier">
        <span class="label">{kindName(kind)}</span> <Trust assurance={assurance} />
      </p>
      <p dir="auto">
        <Value value={value} assurance={assurance} />
      </p>
      {sayers.map(({ sourceId, sourceName, firstSeenAt }) => (
        <p class="event-meta" key={sourceId}>
          <a href={`/sources/${sourceId}`} dir="auto">
            {sourceName}
          </a>
          <span>since {formatDay(firstSeenAt)}</span>
        </p>
      ))}
    </li>
  );
}

/** Ids that only machines read are many and say little; they fold away behind what people use. */
const PERSONAL = ['email', 'phone', 'customer', 'user_id'];

export function Identifiers({ identifiers }: { readonly identifiers: readonly Identifier[] }) {
  const personal = identifiers.filter(({ kind }) => PERSONAL.includes(kind));
  const others = identifiers.filter(({ kind }) => !PERSONAL.includes(kind));
  if (identifiers.length === 0) return <p class="hint">Nothing identifies this person yet.</p>;
  const list = (items: readonly Identifier[]) => (
    <ul class="identifiers">
      {sayersOf(items).map((sayers) => (
        <IdentifierLine key={`${sayers[0]?.kind} ${sayers[0]?.value}`} sayers={sayers} />
      ))}
    </ul>
  );
  return (
    <>
      {list(personal)}
      {others.length > 0 && (
        <details class="more">
          <summary>
            {personal.length > 0 ? `${others.length} more` : `${others.length} found`}: orders, browsers
          </summary>
          {list(others)}
        </details>
      )}
    </>
  );
}

const LIMIT_WORDS: Readonly<Record<Limit, string>> = {
  email: 'proven e-mail addresses in a year',
  phone: 'phone numbers in a year',
  anonymous_id: 'browsers in a week',
  identifiers: 'addresses, numbers and ids',
  merges: 'parts joined to it',
};

/** A limit that a link would have gone over: `more than 5 phone numbers in a year`. */
export const overWords = ({ limit, most }: { readonly limit: Limit; readonly most: number }): string =>
  `more than ${formatCount(most)} ${LIMIT_WORDS[limit]}`;

const ALIKE: Readonly<Record<MatchKind, string>> = {
  email: 'the same e-mail address',
  phone: 'the same phone',
  user_id: 'the same user id',
  address: 'an e-mail address that may be written in two ways',
  name_city: 'a name alike and the same town',
  name_company: 'a name alike and the same company',
  name_postal: 'a name alike and the same postal address',
};
const listed = (words: readonly string[]): string => words.join(', and ');

/** Why two records look alike and why they were not joined. */
export function reasonSentence(reason: Suggestion['reason']): string {
  if (reason.rule === 'alike') return `both have ${listed(reason.evidence.map((kind) => ALIKE[kind]))}`;
  const shared = `${kindName(reason.kind).toLowerCase()} ${reason.value}`;
  if (reason.rule === 'differing_id') {
    const what = reason.namespace === 'email' ? 'e-mail addresses' : 'numbers';
    return `both hold ${shared}; kept apart because their ${what} differ (${reason.ids.join(' and ')})`;
  }
  if (reason.rule === 'ambiguous')
    return `both hold ${shared}; kept apart because several people of one source hold it`;
  if (reason.rule === 'second_address')
    return `both hold ${shared}; kept apart because one of them had another e-mail address before it, and nobody has proven this one`;
  if (reason.rule === 'over_limit')
    return `both hold ${shared}; kept apart because one person would have ${overWords(reason)}`;
  if (reason.rule === 'claimed_identifier') return `both name ${shared}; kept apart because nothing proves it yet`;
  return `both hold ${shared}; kept apart by a decision of yours`;
}

/** Other records that may be the same person. */
export function Suggestions({
  own,
  suggestions,
}: {
  readonly own: string;
  readonly suggestions: readonly Suggestion[];
}) {
  return (
    <ul class="suggestions">
      {suggestions.map(({ customerId, displayName, reason }) => (
        <li key={`${customerId} ${reasonSentence(reason)}`}>
          <Icon name="link" />
          <p>
            May be the same person as{' '}
            <a href={`/customers/${customerId}`} dir="auto">
              {displayName ?? 'somebody without a name'}
            </a>
            : <span dir="auto">{reasonSentence(reason)}</span>.{' '}
            <a href={`/customers/${own}/compare/${customerId}`}>Compare the two</a>
          </p>
        </li>
      ))}
    </ul>
  );
}
