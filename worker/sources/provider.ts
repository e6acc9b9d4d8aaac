import type { Assurance } from '../../schema/customer.ts';
import type { Json, PersonInput, TouchpointInput } from '../../schema/touchpoint.ts';
import type { Fetch } from '../platform/egress.ts';
import type { Files } from '../platform/files.ts';
import type { CheckedReply } from '../platform/reply-token.ts';
import type { ProviderApi } from './provider-api.ts';
import type { ProviderMailer } from './provider-mailer.ts';
import type { SetupStep } from './setup-step.ts';

export type { SetupStep } from './setup-step.ts';

/** A request as the doors hand it on: raw bytes first, so that what is verified is what was sent. */
export type Delivery = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** True for the sample that the owner asked for: no request can say so. What it tells of orders brings nothing. */
  readonly isTest?: true;
};

/** Why a delivery is refused before it is read. The sender learns none of this; the source's delivery log keeps it. */
export type Refusal =
  | { readonly reason: 'signature_missing' }
  | { readonly reason: 'signature_malformed' }
  | { readonly reason: 'signature_mismatch' }
  | { readonly reason: 'timestamp_stale'; readonly ageSeconds: number }
  | { readonly reason: 'secret_missing' }
  | { readonly reason: 'key_unavailable' }
  | { readonly reason: 'origin_refused'; readonly origin: string };

/** Where a body does not fit, in the sender's own words: a JSON path and what was expected there. */
export type Misfit = { readonly path: string; readonly message: string };

/**
 * `assurance` is for senders with keys of different worth: how far what this one says of a person may be trusted. It is kept
 * with the delivery, so that a replay is read as the first time.
 */
export type Verdict =
  | { readonly ok: true; readonly assurance?: Assurance }
  | { readonly ok: false; readonly refusal: Refusal };

/** An event of a batch that could not be read while others could: its place, and what is wrong with it. */
export type RefusedItem = Misfit & { readonly index: number; readonly code: string };

/**
 * What a payload means.
 *
 * How far each identifier is trusted is up to the provider, value by value, and asked of each: could a stranger have had this
 * written by typing it? A signature says who sends; it says nothing of what the sender was told. So:
 *
 * - `asserted`: the sender's own id of somebody who has signed in or whom staff have put down; an address or telephone with which
 *   something was bought and paid (or that the shop delivers against a bill); one that the sender says it had confirmed, that the
 *   business itself has written to or entered, or from which the network delivered.
 * - `claimed`: all that is typed and not yet more than that. A form, a review, a chat, a booking, a basket, a checkout that was
 *   left, a payment that failed, an order that costs nothing, an account nobody has confirmed; and the id of a customer, where
 *   the sender finds that customer by such an address, unless nothing else comes with it (`booked` in person.ts).
 * - Ids of things (an order, a checkout, a subscription) are asserted: they let what was claimed before be joined by the order that
 *   comes of it. A fragment on which strangers come together by a claim must therefore have none of them.
 *
 * These are lists of what is allowed, and not of what is known to be typed: an address is asserted only where an amount above zero is
 * known to have come in (not authorised, not approved, not a trial, not a test), where it is delivered against a bill, or where
 * staff or a confirmation is named. What comes of a thing later (a parcel, a subscription, a failed renewal) is no better than the
 * thing was: where it cannot know, it asserts the ids of the thing, by which it finds the order that was paid, and claims addresses.
 * An account that its holder edits freely is a claim however much was bought with it. What has come to nothing for good is told by
 * the address alone (`goneKey` in person.ts), so that it is one record a source and not one each time.
 *
 * A claim costs little: it is shown, suggested, and resolved as soon as somebody vouches for it. An assertion that a stranger can
 * write makes one person of a stranger and a customer.
 * `refused` are events that do not fit, beside those that do. `ignored` is a topic we have no use for: answered 200 and counted, with a word for the log.
 */
export type Translation =
  | {
      readonly ok: true;
      readonly touchpoints: readonly TouchpointInput[];
      readonly refused?: readonly RefusedItem[];
      /** All of it belongs to this fragment, whoever it names: an answer that came to a reply address of a person. */
      readonly fragmentId?: number;
    }
  | { readonly ok: true; readonly ignored: string }
  | { readonly ok: false; readonly misfits: readonly Misfit[] };

/** Where customers meet a business, as the page that adds sources sorts it. */
export const PROVIDER_GROUPS = ['site', 'shop', 'payment', 'form', 'email', 'message', 'other'] as const;
export type ProviderGroup = (typeof PROVIDER_GROUPS)[number];

/** How to put the provider's tag on one kind of site: `{tag}`, `{script}` (its address) and `{origin}` stand for those of the source. */
export type Install = {
  readonly title: string;
  readonly steps: readonly { readonly text: string; readonly code?: string }[];
  /** A built file that helps, by its logical name. */
  readonly download?: string;
};

/** What a provider is given to verify with. Two secrets are valid at a time while one is rotated out. */
export type VerifyContext = {
  readonly secrets: readonly string[];
  readonly settings: Readonly<Record<string, Json>>;
  /** Epoch ms. */
  readonly now: number;
  /** Reaches the provider's own `hosts` and nothing else: for schemes whose key has to be fetched. */
  readonly fetch: Fetch;
  /**
   * For tokens that are good for one holder: since when (epoch ms) `token` belongs to `holder`, which is from now on where nobody
   * has it and `mayTake` says so; null when it is somebody else's or nobody's.
   */
  readonly hold: (token: string, holder: string, mayTake: boolean) => Promise<number | null>;
};

/** The answer to a greeting: 200 with what the sender wants to hear. `note` is the word for the log. */
export type Greeting = {
  readonly note: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type SampleContext = {
  readonly secret: string;
  /** Epoch ms. */
  readonly now: number;
  readonly seed: string;
  /** The address of the source, for schemes that sign it. */
  readonly url: string;
};

export type Sample = {
  readonly headers: Record<string, string>;
  readonly body: string;
  /** True where only the sender holds the private key: the sample is then read and stored without being verified. */
  readonly isUnsigned?: true;
};

/** A visitor at `/w/:key` who has proven an address by the code that was mailed to it. */
export type Proven = {
  /** The browser's random id, in lower case. */
  readonly visitor: string;
  /** In its normal form. */
  readonly address: string;
  /** BCP 47, as the page said; empty for unknown. */
  readonly locale: string;
};

/** What follows from it. */
export type Confirmed = {
  /** Who they are. */
  person(proven: Proven): PersonInput;
  /** What their browser shows with what it sends from now on, so that it is theirs; null without a secret to make it with. */
  token(proven: Proven, context: Pick<VerifyContext, 'secrets' | 'now' | 'hold'>): Promise<string | null>;
};

/** What a provider is given to translate with: no clock, no IO. */
export type TranslateContext = {
  readonly settings: Readonly<Record<string, Json>>;
  /** SHA-256 of the raw body, hex: the delivery key where the sender gives none. */
  readonly bodyHash: string;
  /** Names the ten minutes the delivery arrived in: where nothing else tells two sendings apart, the same words later are news. */
  readonly window: string;
  /** When the delivery arrived, epoch ms; the same when it is replayed. */
  readonly receivedAt: number;
  /** What verification found, where the provider says; null where all senders are alike. */
  readonly assurance: Assurance | null;
  /** The fragment whose reply address it came to. */
  readonly fragmentId?: number | null;
};

/** What a provider is given to prepare with. */
export type PrepareContext = {
  /** The key of the source, a part of the names that files are kept under. */
  readonly sourceKey: string;
  /** Where files are kept, null where nowhere. */
  readonly files: Files | null;
  /** Reads the reply token of ours in an address, null where there is none for this source. */
  reply(address: string | null): Promise<CheckedReply | null>;
};

/** A delivery ready to be translated and kept; the rest is kept with it, so that a replay is read as the first time. */
export type Prepared = {
  readonly delivery: Delivery;
  readonly assurance?: Assurance;
  readonly fragmentId?: number;
};

/**
 * The plug board of providers. One file each in `providers/`; the registry is generated.
 * Shared code asks these members and never looks at `kind`.
 */
export interface Provider {
  /** The stable word of the API and the database: `shopify`. */
  readonly kind: string;
  /** What people call it: "Shopify". */
  readonly title: string;
  /** One line for the page where a source is added. */
  readonly summary: string;
  /** Beside which others it stands there. */
  readonly group: ProviderGroup;
  /**
   * Where it speaks to: signed webhooks at `/in/:key`, forms at `/f/:key`, the widget at `/w/:key`, event SDKs at `/v1/*`; mails
   * at the address that begins with the key, and at `/in/:key` as they are (`message/rfc822`).
   */
  readonly door: 'webhook' | 'form' | 'site' | 'tracking' | 'mail';
  /** Largest body at `/in/:key`, in bytes, where that is more than usual: mails come with their files. */
  readonly maxBody?: number;
  /**
   * There when the secret signs no delivery: the owner's server makes tokens with it that prove who a visitor is. It is made by
   * us, and deliveries without a token are welcome. How to make them, apart from the steps that everybody takes.
   */
  readonly vouching?: readonly SetupStep[];
  /** There when visitors may prove an address by a code, at `/w/:key/confirm`. How a page does it. */
  readonly confirming?: Confirmed & { readonly steps: readonly SetupStep[] };
  /**
   * Who makes the secret: pasted from the sender, made by us and pasted there, or none. `optional` is for senders that need
   * not sign: the key in the address is what they know, and a secret is demanded besides once one is set.
   */
  readonly secret: 'from_sender' | 'from_us' | 'optional' | 'none';
  /** The secret kept for one given or made, where it has to name the source: `key` is the source's. */
  secretFor?(key: string, secret: string): string;
  readonly setup: readonly SetupStep[];
  /** Where it goes on the builders that people use, for a source whose tag stands on pages. */
  readonly installs?: readonly Install[];
  /** The sender's own API, where its webhooks leave something out or can go missing. */
  readonly api?: ProviderApi;
  /** Sends mail of ours, where it can. */
  readonly mailer?: ProviderMailer;
  /** Hosts its verification may fetch from; one that begins with a dot stands for all its subdomains. */
  readonly hosts?: readonly string[];
  /** What an accepted delivery is answered with, where the sender wants more than an empty 200. */
  readonly acknowledgement?: { readonly body: string; readonly contentType: string };
  /** Refuses settings that do not fit; gives them back with defaults filled in. */
  parseSettings(
    raw: unknown,
  ):
    | { readonly ok: true; readonly settings: Record<string, Json> }
    | { readonly ok: false; readonly misfits: readonly Misfit[] };
  /** Checks the raw bytes. Reads the body as data only for the fields that a scheme signs instead of it. */
  verify(delivery: Delivery, context: VerifyContext): Promise<Verdict>;
  /**
   * Answers a request that is a greeting and no fact (a ping, a challenge); null when it is a delivery. Asked before
   * anything is verified, for every method a door takes.
   */
  handshake?(delivery: Delivery, context: VerifyContext): Greeting | null;
  /**
   * Makes of a verified delivery what is translated and kept, where that takes more than reading: a mail is read from its
   * MIME, its files are put aside. Asked once, never for a replay.
   */
  prepare?(delivery: Delivery, context: PrepareContext): Promise<Prepared>;
  /**
   * Reads a verified body: pure, no clock, no IO. `payload` is the parsed JSON, or the fields of a form as an object.
   * Numbers too long for a double arrive as strings.
   */
  translate(payload: Json, delivery: Delivery, context: TranslateContext): Translation;
  /**
   * A believable delivery of this provider, signed with `secret`: what "send a test event" sends and the contract test checks.
   * `seed` makes it differ from the last one.
   */
  sample(context: SampleContext): Promise<Sample>;
}
