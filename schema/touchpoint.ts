import type { ConsentInput, SuppressionInput } from './consent.ts';
import type { Assurance, IdentifierInput, ProfileInput } from './customer.ts';
import type { Json } from './json.ts';
import type { Money } from './money.ts';
import type { Channel, Direction, Handler, Initiator, Phase } from './vocabulary.ts';

export type { Json };

/**
 * The person as one source knows them. `key` names the fragment within its source: `customer:123`, `email:a@b.c`,
 * `order:1001` when all that is known is which order it was, `visitor:<uuid>` for a browser.
 */
export type PersonInput = {
  readonly key: string;
  readonly identifiers: readonly IdentifierInput[];
  readonly profile?: ProfileInput;
  /** Where they live, pay or have things sent. No street of it is kept, only what tells two of them alike. */
  readonly addresses?: readonly PostalAddress[];
  /** Organisations that the source puts the person into. Believed of sources that assert; of others it is not taken. */
  readonly organisations?: readonly OrganisationInput[];
};

/** A postal address as a source writes it. `country` is an ISO 3166 alpha-2 code or a name. */
export type PostalAddress = {
  /** Street, house number, flat: in whatever order and on however many lines. */
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
};

/** An organisation as one source knows it: `key` is what the source calls it, for ever. */
export type OrganisationInput = {
  readonly key: string;
  readonly name?: string | null;
  /** A domain of its own, `acme.example`. */
  readonly domain?: string | null;
  /** What the person is there: `owner`, `buyer`. */
  readonly role?: string | null;
};

/** A line of an order, as kept in the order's own record. */
export type OrderLine = {
  readonly title: string;
  readonly sku: string | null;
  readonly quantity: number;
  /** Line total in minor units of the order's currency. */
  readonly amountMinor: number | null;
};

/**
 * What a touchpoint says of an order. Facts of one order arrive in any order and more than once, so each part is folded
 * on its own: `total`, `lines`, `cancelledAt` and `isVoid` by the newest `asOf`; each other time by the earliest; refunds by their own id.
 */
export type OrderFact = {
  readonly id: string;
  readonly number?: string | null;
  /** Time of the snapshot this fact was taken from, epoch ms. Null: the time of the touchpoint. */
  readonly asOf: number | null;
  readonly total?: Money | null;
  readonly lines?: readonly OrderLine[];
  readonly placedAt?: number | null;
  readonly paidAt?: number | null;
  readonly fulfilledAt?: number | null;
  readonly cancelledAt?: number | null;
  /**
   * True when the order brings nothing as it stands: not paid yet, payment failed, a test. Part of the snapshot, so that a
   * newer one lifts it.
   */
  readonly isVoid?: boolean;
  /** True when the shop has deleted the order, as of `asOf`; a newer snapshot says that it is back. */
  readonly deleted?: boolean;
  /** Refunds by their id. An amount that grows under one id (Stripe's cumulative refunds) keeps the greatest. */
  readonly refunds?: readonly { readonly id: string; readonly amount: Money }[];
};

/** One answered question. `score` is the number the question's kind gives the answer, null when it has none. */
export type Answer = {
  readonly question: string;
  readonly kind: string;
  readonly score: number | null;
  readonly text: string | null;
};

/** A thing to ask of the sender's own API: `{resource: 'order', id: '1001'}`. The words are the provider's own. */
export type Need = { readonly resource: string; readonly id: string };

/** What `data.incomplete` says of a touchpoint whose sender told only which thing it was about. */
export const INCOMPLETE = 'needs details';

/**
 * The one fact format every source is translated into: one contact between the business and a person.
 * Immutable once stored; `messageId` with its source makes it happen once, for ever.
 */
export type TouchpointInput = {
  /** The sender's delivery key, unique within the source. */
  readonly messageId: string;
  /** Ids the same delivery was stored under by earlier versions: with one of them on record, this is nothing new. */
  readonly formerIds?: readonly string[];
  readonly kind: string;
  readonly channel: Channel;
  readonly direction: Direction;
  readonly initiator: Initiator;
  readonly phase?: Phase;
  readonly handler?: Handler;
  readonly purpose?: string;
  /** Epoch ms as the sender tells it; null when the sender does not, and the time of receipt stands in. */
  readonly occurredAt: number | null;
  /** What it is about: `order:1001`, `survey:default`. */
  readonly subject?: string;
  readonly value?: Money | null;
  readonly cost?: Money | null;
  readonly score?: number | null;
  readonly text?: string | null;
  readonly person: PersonInput;
  readonly order?: OrderFact;
  readonly answers?: readonly Answer[];
  /** What the person agreed to or refused with it. */
  readonly consents?: readonly ConsentInput[];
  /** What it says of their addresses: that one bounced for good, or wants no more. */
  readonly suppressions?: readonly SuppressionInput[];
  /** What the sender left out and its own API would tell. Kept with `data.incomplete` until it is known. */
  readonly needs?: Need;
  /**
   * What else is worth showing: small, flat, no secrets, no full payload (the delivery keeps that). Under `traits`, `fields` and
   * `columns` it tells of the person what the fields of the business are filled from.
   */
  readonly data?: { readonly [key: string]: Json };
  /** How well assured that is, where it is not as well as the person is: what a browser says beside its token. */
  readonly tellsAs?: Assurance;
};
