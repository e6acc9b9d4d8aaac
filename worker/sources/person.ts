import { type Assurance, assuranceRank, type IdentifierInput } from '../../schema/customer.ts';
import { isBlockedValue, isSharedMailbox, normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import type { Json, PersonInput } from '../../schema/touchpoint.ts';
import { idOf, WORD_LIMIT } from './read.ts';

/** Identifiers of one person from what a payload has in its fields. Each is null where there is nothing fit to be one. */

export function email(value: Json | undefined, assurance: Assurance): IdentifierInput | null {
  const address = normaliseEmail(value);
  return address === null ? null : { kind: 'email', value: address, assurance };
}

/** `country` reads numbers written without their country code. */
export function phone(value: Json | undefined, country: string | null, assurance: Assurance): IdentifierInput | null {
  const number = normalisePhone(value, country);
  return number === null ? null : { kind: 'phone', value: number, assurance };
}

/** Cut short, an id would be that of everybody whose begins alike. */
const isCut = (value: Json | undefined): boolean => typeof value === 'string' && value.trim().length > WORD_LIMIT;

/** An identifier of the source's own namespace: a customer, an order, a checkout. One of more than WORD_LIMIT letters is none. */
export function own(kind: string, value: Json | undefined, assurance: Assurance): IdentifierInput | null {
  const id = isCut(value) ? null : idOf(value);
  return id === null || isBlockedValue(id) ? null : { kind, value: id, assurance };
}

/** Drops what is null. Of what is said twice the better assured stays, in its first place. */
export function identifiers(...candidates: readonly (IdentifierInput | null)[]): readonly IdentifierInput[] {
  const found = new Map<string, IdentifierInput>();
  for (const candidate of candidates) {
    const key = candidate ? `${candidate.kind}:${candidate.value}` : '';
    const before = found.get(key);
    if (!candidate || (before && assuranceRank(before.assurance) >= assuranceRank(candidate.assurance))) continue;
    found.set(key, candidate);
  }
  return [...found.values()];
}

/** The value of the first identifier of a kind. */
export const identifierOf = (list: readonly IdentifierInput[], kind: string): string | null =>
  list.find((identifier) => identifier.kind === kind)?.value ?? null;

const addressKey = (list: readonly IdentifierInput[], fallback: string): string => {
  const address = identifierOf(list, 'email');
  return address !== null && !isSharedMailbox(address) ? `email:${address}` : fallback;
};

/**
 * The key of a fragment: the sender's own customer id, else the e-mail address, else `fallback`. What is only claimed is no key:
 * under it a stranger would speak for the customer whose address it is. So `fallback` has to name the thing itself (an order, a
 * checkout), of which each stranger has one of their own. A mailbox that several people read is no key either: everybody who
 * ordered with `info@` would become one person.
 */
export function personKey(list: readonly IdentifierInput[], fallback: string): string {
  const vouched = list.filter(({ assurance }) => assurance !== 'claimed');
  const customer = identifierOf(vouched, 'customer');
  return customer === null ? addressKey(vouched, fallback) : `customer:${customer}`;
}

/** The key of a fragment at a source that vouches for nobody (a form): what an address claims is told together. */
export const claimKey = (list: readonly IdentifierInput[], fallback: string): string => addressKey(list, fallback);

/**
 * The key of what has come to nothing and never can (a checkout that ran out): the sender's customer, else all that one address was
 * typed into, together. Its identifiers must name no thing, or strangers who typed one address would be joined by what they bought.
 */
export function goneKey(list: readonly IdentifierInput[], fallback: string): string {
  const customer = identifierOf(
    list.filter(({ assurance }) => assurance !== 'claimed'),
    'customer',
  );
  const address = addressKey(list, fallback);
  return customer === null ? address.replace(/^email:/, 'claimed:') : `customer:${customer}`;
}

/** What was typed is vouched for by money that came in, and by nothing less: an amount that is not known may be none. */
export const byMoney = (amount: { readonly amountMinor: number } | null | undefined): Assurance =>
  amount && amount.amountMinor > 0 ? 'asserted' : 'claimed';

/**
 * The key of whoever uses a browser where anybody can write: the browser, and with it the user they claim to be while they do. A
 * second person on it is a fragment of their own from their first word on, and each comes back to theirs, in whatever order their
 * words arrive. What is done before anybody says who they are stays with the browser: it may be either's. An address without a
 * user id makes no other person: people have several, and mend what they typed.
 */
export function visitorKey(visitor: string, user: string | null): string {
  if (user === null) return `visitor:${visitor}`;
  // The first colon ends it, so that no two pairs of ids read the same.
  return `claimant:${visitor.replaceAll('%', '%25').replaceAll(':', '%3A')}:${user}`;
}

/**
 * Whom the sender has in its own books for something that is not bought yet, where it found them by the address somebody typed: a
 * checkout that was left, an order that costs nothing. It stands with them, as it does there, so that a customer is one record; but
 * nothing that was typed does but the address they were found by, as a claim, nor anything that could join somebody else to them. Null
 * without an id.
 */
export function booked(customer: Json | undefined, address: Json | undefined): PersonInput | null {
  const id = own('customer', customer, 'asserted');
  return id && { key: `customer:${id.value}`, identifiers: identifiers(id, email(address, 'claimed')) };
}
