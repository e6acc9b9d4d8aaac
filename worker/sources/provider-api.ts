import type { Money } from '../../schema/money.ts';
import type { Json, Need, OrderFact, PersonInput } from '../../schema/touchpoint.ts';
import type { Fetch } from '../platform/egress.ts';
import type { Candidate } from '../record/missing.ts';
import type { SetupStep } from './setup-step.ts';

/** One thing the sender's API is asked with: a token, the address of the shop. */
export type ApiField = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Never shown again once it is kept. */
  readonly isSecret: boolean;
  /** What it has to look like, whole, and how that is said to somebody whose text does not fit. */
  readonly pattern?: RegExp;
  readonly misfit?: string;
  /** May be left out; all others must be there before anything is asked. */
  readonly isOptional?: true;
};

export type ApiContext = {
  /** By the names of the fields; all that are not optional are there. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, Json>>;
  /** Epoch ms. */
  readonly now: number;
  /** Reaches the `hosts` of these credentials and nothing else. */
  readonly fetch: Fetch;
};

/**
 * What asking came to. `isFinal` is for what no later attempt can mend (it is not there any more); `afterMs` is how long the
 * other side wants us to wait. `error` is read by people: plain words, no secret.
 */
export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string; readonly isFinal: boolean; readonly afterMs?: number | null };

/** What is told of a person whose fragment is there already. */
export type KnownPerson = Pick<PersonInput, 'identifiers' | 'profile' | 'addresses' | 'organisations'>;

/** What a stored touchpoint lacks, what it was and when it happened (epoch ms). */
export type Lacking = Need & { readonly kind: string; readonly occurredAt: number };

/**
 * What a stored touchpoint lacked. Everything is optional. Of the person all counts but the key: whose touchpoint it is was settled when
 * it came, and who that is follows from the identifiers.
 */
export type Completion = {
  readonly person?: KnownPerson;
  /** Since when the profile has stood so (epoch ms), so that of two answers the newer one counts. Null: the time of the touchpoint. */
  readonly profileAsOf?: number | null;
  readonly order?: OrderFact;
  /** These fill what is empty and never overwrite. */
  readonly value?: Money | null;
  readonly text?: string | null;
  readonly data?: { readonly [key: string]: Json };
};

/**
 * What happened at the sender, oldest first, whether or not a webhook told of it. Each is marked with how it may be on record
 * already (`Candidate`). `unread` counts what could not be read: it costs itself and never the page. `next` leads to the rest;
 * null when this is all.
 */
export type Listing = {
  readonly facts: readonly Candidate[];
  readonly unread: number;
  readonly next: string | null;
};

/**
 * The sender's own API, for what its webhooks leave out. Part of a provider (`Provider.api`); all of it is optional for the
 * owner: without credentials a touchpoint stands with what it has.
 */
export interface ProviderApi {
  readonly fields: readonly ApiField[];
  /** How to get what the fields ask for, in the sender's own menus, with the least rights that do. */
  readonly setup: readonly SetupStep[];
  /** What it is good for, in one line on the page of the source. */
  readonly summary: string;
  /** Hosts that may be asked. From code; only a shop at an address of its own takes it from the credentials. */
  hosts(credentials: Readonly<Record<string, string>>): readonly string[];
  /** Asks for what one stored touchpoint lacks. */
  details?(lacking: Lacking, context: ApiContext): Promise<Asked<Completion>>;
  /**
   * Lists what happened from `since` (epoch ms) on, a page at a time. The touchpoints must carry the message ids that the
   * webhooks' own would have, so that what a webhook brings, before or after, is not stored twice.
   */
  list?(since: number, page: string | null, context: ApiContext): Promise<Asked<Listing>>;
  /** A source that ever brought message ids which begin so is not compared: the list tells the same facts under other ids. */
  readonly notListedAfter?: string;
}
