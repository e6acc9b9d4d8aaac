import type { Money } from '../../schema/money.ts';

/**
 * Stand-ins of senders' own APIs, one file each in `apis/`, named by the provider's kind: what they answer has the shape of the
 * sender's documentation, the people are made up. They look at every header and path, so that a question the real one would not
 * understand is not understood here either.
 */
export type Question = { readonly method: string; readonly url: URL; readonly headers: Headers };

/** `complaint` is for a question that is wrong in itself: no test may cause one. */
export type Answer = { readonly status: number; readonly body?: unknown; readonly complaint?: string };

/** One webhook, and what is on record once its details are known. */
export type Case = {
  readonly name: string;
  readonly payload: unknown;
  /** Address the person is found by afterwards. */
  readonly email: string;
  readonly displayName?: string;
  /** What the orders of the person come to afterwards. */
  readonly revenue?: Money;
  /** What the touchpoint itself is worth. */
  readonly value?: Money;
  readonly text?: string;
};

export type StandIn = {
  /** Every host the provider may ever be sent to is one of these or below one. */
  readonly domains: readonly string[];
  /** The words of its needs, as webhooks bring them. */
  readonly needs: readonly string[];
  readonly credentials: Readonly<Record<string, string>>;
  /** Instead of the field of the same name: fits the pattern and opens nothing. */
  readonly wrong: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
  /** A webhook about something that is not there any more. */
  readonly gone: unknown;
  readonly answer: (question: Question) => Answer;
  /** Where the sender lists what happened, which is asked for by the hour: nothing did. */
  readonly list?: { readonly path: string; readonly body: unknown };
};

const files = import.meta.glob<StandIn>('./apis/*.ts', { eager: true, import: 'default' });
const kindOf = (path: string): string => /([a-z_]+)\.ts$/.exec(path)?.[1] ?? path;

export const STAND_INS: Readonly<Record<string, StandIn>> = Object.fromEntries(
  Object.entries(files).map(([path, standIn]) => [kindOf(path), standIn]),
);

export type Routes = Readonly<Record<string, unknown>>;

type Rules = {
  readonly host: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly paths: RegExp;
  readonly routes: Routes;
};

/** What is wrong with a question, whatever it asks for; null for nothing. */
function faultOf({ method, url, headers }: Question, rules: Rules, asked: string): string | null {
  if (url.protocol !== 'https:' || url.host !== rules.host) return `asked at ${url.origin}`;
  if (method !== 'GET') return `asked by ${method}`;
  if (headers.get('accept') !== 'application/json') return 'wants no JSON';
  const odd = Object.entries(rules.headers).find(([name, value]) =>
    name === rules.secret ? !headers.has(name) : headers.get(name) !== value,
  );
  if (odd) return `${odd[0]} is ${headers.get(odd[0])}`;
  return rules.paths.test(asked) ? null : `no such address: ${asked}`;
}

/**
 * Answers `GET host/path?query` from a table of exactly these; the headers have to be exactly these too. A wrong value of `secret` is
 * refused as an API refuses a wrong token; what is not in the table is not there, unless nothing of the API looks like it.
 */
export function standIn(rules: Rules): StandIn['answer'] {
  return (question) => {
    const asked = decodeURIComponent(`${question.url.pathname}${question.url.search}`);
    const complaint = faultOf(question, rules, asked);
    if (complaint !== null) return { status: 400, complaint };
    if (question.headers.get(rules.secret) !== rules.headers[rules.secret])
      return { status: 401, body: { message: 'Unauthorized' } };
    const body = rules.routes[asked];
    if (body === undefined) return { status: 404, body: { message: 'Not found' } };
    return body === null ? { status: 204 } : { status: 200, body };
  };
}
