import type { Assurance, IdentifierInput } from '../../schema/customer.ts';
import { isBlockedValue, isSharedMailbox, normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import type { Json } from '../../schema/touchpoint.ts';
import { idOf } from './read.ts';

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

/** An identifier of the source's own namespace: a customer, an order, a checkout. */
export function own(kind: string, value: Json | undefined, assurance: Assurance): IdentifierInput | null {
  const id = idOf(value);
  return id === null || isBlockedValue(id) ? null : { kind, value: id, assurance };
}

/** Drops what is null and what is said twice. */
export function identifiers(...candidates: readonly (IdentifierInput | null)[]): readonly IdentifierInput[] {
  const found = new Map<string, IdentifierInput>();
  for (const candidate of candidates) {
    const key = candidate ? `${candidate.kind}:${candidate.value}` : '';
    if (candidate && !found.has(key)) found.set(key, candidate);
  }
  return [...found.values()];
}

/** The value of the first identifier of a kind. */
export const identifierOf = (list: readonly IdentifierInput[], kind: string): string | null =>
  list.find((identifier) => identifier.kind === kind)?.value ?? null;

/**
 * The key of a fragment: the sender's own customer id, else the e-mail address, else `fallback`. A mailbox that several
 * people read is no key: everybody who ordered with `info@` would become one person.
 */
export function personKey(list: readonly IdentifierInput[], fallback: string): string {
  const customer = identifierOf(list, 'customer');
  if (customer !== null) return `customer:${customer}`;
  const address = identifierOf(list, 'email');
  return address !== null && !isSharedMailbox(address) ? `email:${address}` : fallback;
}
