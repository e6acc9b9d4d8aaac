import type * as z from 'zod';
import type { Locale } from '../../schema/survey.ts';
import type { Bindings, Runtime } from '../platform/env.ts';
import type { Problem } from '../platform/problem.ts';

/** What a handler of the API is given: the parts of the request that its schemas let through. */
export type Call<P, Q, B> = {
  readonly runtime: Runtime;
  readonly env: Bindings;
  /** Where the worker is reached: `https://host`. */
  readonly origin: string;
  /** Who asks, as it is written beside what they change: see `actorOf` of the staff's session. */
  readonly actor: () => Promise<string>;
  /** The language of the caller that we speak, by Accept-Language. */
  readonly locale: Locale;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
};

/** Either the value to answer with, or what to tell the caller. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const ok = <T>(value: T): Answer<T> => ({ ok: true, value });
export const fail = (problem: Problem): Answer<never> => ({ ok: false, problem });

type Schema = z.ZodType;
type Parsed<S> = S extends Schema ? z.output<S> : undefined;

/** One operation of the API: the schemas validate the request, type the handler and make the OpenAPI document. */
export type Operation = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, with `{name}` for parameters, as OpenAPI writes them. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: Schema;
  readonly response: Schema;
  readonly status?: number;
  /** Largest body in bytes, where it is not the usual one. */
  readonly maxBody?: number;
  /** Further media types it may answer with: the value it gives is then the whole response. */
  readonly downloads?: readonly string[];
  /** When it answers 409, where the description of the API is to say so. */
  readonly conflict?: string;
  readonly handle: (call: Call<never, never, never>) => Promise<Answer<unknown>>;
};

type Definition<P, Q, B, R extends Schema> = Omit<Operation, 'params' | 'query' | 'body' | 'response' | 'handle'> & {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly response: R;
  readonly handle: (call: Call<Parsed<P>, Parsed<Q>, Parsed<B>>) => Promise<Answer<z.input<R>>>;
};

/** Ties the handler of an operation to its schemas. */
export function operation<
  R extends Schema,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends Schema | undefined = undefined,
>(definition: Definition<P, Q, B, R>): Operation {
  return definition as unknown as Operation;
}
