import type { Context } from 'hono';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { type Source, sourceById } from '../sources/store.ts';
import { noSuchPage, problemPage } from './errors.tsx';

/** What the routes of sources share. */
export type Staff = Context<{ Bindings: Bindings }>;

export const originOf = (c: Staff): string => new URL(c.req.url).origin;
export const missing = (): Response => problemPage(noSuchPage);

/** Runs `act` on the source that the path names. */
export const withSource = (act: (c: Staff, source: Source) => Promise<Response>) => async (c: Staff) => {
  const source = await sourceById(runtimeOf(c.env), c.req.param('id') ?? '');
  return source ? act(c, source) : missing();
};
