import type { Assurance } from '../../../schema/customer.ts';
import type { OrganisationInput, PersonInput } from '../../../schema/touchpoint.ts';
import { email, identifierOf, identifiers, own, phone, visitorKey } from '../person.ts';
import { postal } from '../postal.ts';
import {
  fieldOf,
  firstOf,
  fullName,
  idOf,
  type JsonObject,
  knownTexts,
  NAME_LIMIT,
  objectOf,
  textOf,
} from '../read.ts';
import type { Item } from './item.ts';

/** What is known of the person. A group's traits are the group's; RudderStack puts a person's traits in the context only. */
export const traitsOf = ({ call, body, context }: Item): JsonObject => ({
  ...objectOf(fieldOf(context, 'traits')),
  ...(call === 'group' ? {} : objectOf(fieldOf(body, 'traits'))),
});

/** The company of a person: of the group they are put in, else of their traits, an object there or a name. */
function companyOf({ call, body }: Item, traits: JsonObject): string | null {
  const group = call === 'group' ? textOf(fieldOf(objectOf(fieldOf(body, 'traits')), 'name'), NAME_LIMIT) : null;
  const company = fieldOf(traits, 'company');
  return group ?? textOf(company, NAME_LIMIT) ?? textOf(fieldOf(objectOf(company), 'name'), NAME_LIMIT);
}

/**
 * The organisation of a person: the group a call puts them in, or the company of their traits where it has an id.
 * https://segment.com/docs/connections/spec/group/, /spec/identify/#traits
 */
function organisationsOf({ call, body }: Item, traits: JsonObject): OrganisationInput[] {
  const isGroup = call === 'group';
  const about = objectOf(isGroup ? fieldOf(body, 'traits') : fieldOf(traits, 'company'));
  const key = idOf(isGroup ? fieldOf(body, 'groupId') : fieldOf(about, 'id'));
  if (key === null) return [];
  return [
    {
      key,
      name: textOf(fieldOf(about, 'name'), NAME_LIMIT),
      domain: firstOf(textOf(fieldOf(about, 'domain')), textOf(fieldOf(about, 'website'))),
      role: textOf(fieldOf(traits, 'title'), NAME_LIMIT),
    },
  ];
}

const countryOf = (...texts: readonly (string | null)[]): string | null =>
  texts.find((text) => text !== null && /^[a-z]{2}$/i.test(text))?.toUpperCase() ?? null;

/**
 * Who a call is about; null when it names nobody. With the secret key a user id is the business's own word for its customer.
 * With the public one it is what a browser says, so that the visitor is the person and the user id a claim of theirs.
 */
export function personOf(item: Item, assurance: Assurance): PersonInput | null {
  const { call, body, context } = item;
  const traits = traitsOf(item);
  const address = objectOf(fieldOf(traits, 'address'));
  const locale = textOf(fieldOf(context, 'locale'), 35);
  const country = countryOf(textOf(fieldOf(address, 'country')), textOf(fieldOf(traits, 'country')));
  const region = country ?? countryOf(/[-_]([a-z]{2})$/i.exec(locale ?? '')?.[1] ?? null);
  const list = identifiers(
    own('user_id', fieldOf(body, 'userId'), assurance),
    own('anonymous_id', fieldOf(body, 'anonymousId'), assurance),
    // An alias says that the two ids are one person; the former is what a browser was known by.
    call === 'alias' ? own('anonymous_id', fieldOf(body, 'previousId'), assurance) : null,
    email(fieldOf(traits, 'email'), assurance),
    phone(fieldOf(traits, 'phone'), region, assurance),
  );
  const key = keyOf(identifierOf(list, 'user_id'), identifierOf(list, 'anonymous_id'), assurance);
  if (key === null) return null;
  const organisations = organisationsOf(item, traits);
  const name = (field: string) => fieldOf(traits, field) ?? fieldOf(traits, field.replace('Name', '_name'));
  return {
    key,
    identifiers: list,
    profile: knownTexts({
      name: firstOf(textOf(fieldOf(traits, 'name'), NAME_LIMIT), fullName(name('firstName'), name('lastName'))),
      language: firstOf(textOf(fieldOf(traits, 'language'), 35), locale),
      country,
      city: firstOf(textOf(fieldOf(address, 'city')), textOf(fieldOf(traits, 'city'))),
      company: companyOf(item, traits),
    }),
    // Of a group the address would be the company's.
    ...(call !== 'group' && postal(address)),
    ...(organisations.length > 0 && { organisations }),
  };
}

/** A claimed user has a key of its own, with the browser it is claimed from: under `user:` it would speak for the customer whose id it is. */
function keyOf(user: string | null, visitor: string | null, assurance: Assurance): string | null {
  if (user !== null && assurance !== 'claimed') return `user:${user}`;
  if (visitor !== null) return visitorKey(visitor, user);
  return user === null ? null : `claimed:${user}`;
}
