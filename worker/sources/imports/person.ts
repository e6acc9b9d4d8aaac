import type { IdentifierInput } from '../../../schema/customer.ts';
import { isBlockedValue } from '../../../schema/identifiers.ts';
import type { Json, PersonInput, PostalAddress } from '../../../schema/touchpoint.ts';
import { email, identifierOf, identifiers, own, personKey, phone } from '../person.ts';
import { firstOf, known, knownTexts, NAME_LIMIT } from '../read.ts';
import type { RowReader } from './row.ts';

export type RowPerson = {
  readonly person: PersonInput;
  /** Something names them: an id, an address or a number. */
  readonly isNamed: boolean;
  /** What could not become an identifier and is worth showing. */
  readonly data: { readonly [key: string]: Json };
};

function ownId(row: RowReader): IdentifierInput | null {
  const text = row.text('customerId');
  if (text === null) return null;
  if (isBlockedValue(text))
    return row.fault('customerId', `“${text}” is what programs write for nobody; empty the cell`);
  return own('customer', text, 'asserted');
}

function address(row: RowReader): IdentifierInput | null {
  const text = row.text('email', 400);
  if (text === null) return null;
  return email(text, 'asserted') ?? row.fault('email', `“${text}” is not an e-mail address; mend it or empty the cell`);
}

const nameOf = (row: RowReader): string | null =>
  firstOf(
    row.text('name', NAME_LIMIT),
    [row.text('firstName'), row.text('lastName')].filter((part) => part !== null).join(' ') || null,
  );

function addressesOf(row: RowReader): readonly PostalAddress[] {
  const street = row.text('street', 300);
  if (street === null) return [];
  return [
    {
      lines: [street],
      postalCode: row.text('postalCode'),
      city: row.text('city'),
      // Files of one country seldom name it.
      country: row.text('country') ?? row.plan.country,
    },
  ];
}

/**
 * The person of a row. Staff say so, which is worth as much as a shop saying so of its own customers. Without an id or an
 * address of their own they are known by their number, else by `fallback`.
 */
export function personOf(row: RowReader, fallback: string): RowPerson {
  const country = row.text('country');
  const isCode = country !== null && /^[a-z]{2}$/i.test(country);
  const written = row.text('phone');
  const number = phone(written ?? undefined, isCode ? country : row.plan.country, 'asserted');
  const list = identifiers(ownId(row), address(row), number);
  if (written !== null && !number && list.length === 0)
    row.fault('phone', `“${written}” is not a telephone number; write it with its country code, as +48 …`);
  const called = identifierOf(list, 'phone');
  return {
    isNamed: list.length > 0,
    person: {
      key: personKey(list, called === null ? fallback : `phone:${called}`),
      identifiers: list,
      profile: knownTexts({
        name: nameOf(row),
        language: row.text('language'),
        country: isCode ? country.toUpperCase() : country,
        city: row.text('city'),
        company: row.text('company'),
      }),
      addresses: addressesOf(row),
    },
    data: known({ phoneAsWritten: number ? null : written }),
  };
}
