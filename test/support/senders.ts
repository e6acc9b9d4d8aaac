import type { Json } from '../../schema/touchpoint.ts';
import type { Delivery, Provider, Verdict, VerifyContext } from '../../worker/sources/provider.ts';
import type { Signer } from './sign.ts';

/** What the tests know of a sender beside its provider: one file each in `senders/`, named by the provider's kind. */
export type Sender = {
  /** Folders of its recorded deliveries, with the beginning of their names where a folder is shared. */
  readonly recorded?: readonly string[];
  /** Signs as the sender does; none for one that signs nothing. */
  readonly sign?: Signer;
  /** True for one that sends its secret and signs nothing with it; its forgeries are tests of its own. */
  readonly isKeyed?: true;
  /** A secret of the usual shape that follows from the seed. */
  readonly secretOf?: (seed: string) => string;
  /** True when the age of a signature counts. */
  readonly isTimed?: true;
  /** True when nobody has written down how the signature is spelled, so that hex and base64 are both read. */
  readonly isSpelledEitherWay?: true;
  /** The header of an id that is signed as well. */
  readonly signedId?: string;
  /** `fields` when the signature covers some fields of the body and not the event. */
  readonly covers?: 'fields';
  /** A body to forge, for senders whose signature needs some fields in it. */
  readonly bodyOf?: (text: string) => string;
  /** Where the signature stands when it is in the body and not in a header. */
  readonly inBody?: {
    readonly read: (body: string) => string;
    readonly write: (body: string, signature: string) => string;
  };
  /** The moment (epoch ms) a recorded delivery was signed, where it says so; null where it does not. */
  readonly signedAt?: (delivery: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }) => number | null;
  /** Headers of every topic that has a reader of its own, for senders that name the topic there. */
  readonly topics?: readonly Readonly<Record<string, string>>[];
  /** Parts of a payload that lead to each reader, laid over the sample, for senders that name the topic in the body. */
  readonly variants?: readonly { readonly [key: string]: Json }[];
  /** Answers what verification fetches. */
  readonly fetch?: VerifyContext['fetch'];
};

const files = import.meta.glob<Sender>('./senders/*.ts', { eager: true, import: 'default' });
const kindOf = (path: string): string => /([a-z_]+)\.ts$/.exec(path)?.[1] ?? path;

export const SENDERS: Readonly<Record<string, Sender>> = Object.fromEntries(
  Object.entries(files).map(([path, sender]) => [kindOf(path), sender]),
);

type Known = Partial<VerifyContext> & Pick<VerifyContext, 'secrets' | 'now'>;

/** A context to verify with. What nobody expects to be fetched is not. */
export const contextOf = (known: Known): VerifyContext => ({
  settings: {},
  fetch: async (url) => {
    throw new TypeError(`nobody expected ${url} to be fetched`);
  },
  hold: async () => null,
  ...known,
});

/** What a provider says of a delivery. */
export const verifyWith = (provider: Provider, delivery: Delivery, known: Known): Promise<Verdict> => {
  const fetch = SENDERS[provider.kind]?.fetch;
  return provider.verify(delivery, contextOf({ ...(fetch && { fetch }), ...known }));
};

/** The sample of a provider, signed by the sender's own key where only the sender has one. */
export async function signedSample(
  provider: Provider,
  given: { readonly secret: string; readonly now: number; readonly seed: string; readonly url: string },
): Promise<{ readonly headers: Record<string, string>; readonly body: string }> {
  const sample = await provider.sample(given);
  if (!sample.isUnsigned) return sample;
  const signed = SENDERS[provider.kind]?.sign?.(sample.body, { ...given, id: `msg_${given.seed}` });
  return { headers: { ...sample.headers, ...signed?.headers }, body: signed?.body ?? sample.body };
}
