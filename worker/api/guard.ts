import { createMiddleware } from 'hono/factory';
import type { Bindings } from '../platform/env.ts';
import { problemResponse } from '../platform/problem.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { hasSession, isAdminToken, isSameOrigin } from '../staff/session.ts';

const unauthorised = {
  status: 401,
  code: 'unauthorised',
  title: 'Not signed in',
  detail: 'Send "Authorization: Bearer <admin token>", or sign in on the dashboard.',
  headers: { 'www-authenticate': 'Bearer' },
};
const crossOrigin = {
  status: 403,
  code: 'cross_origin',
  title: 'Refused',
  detail: 'A session may only write from pages of this address; programs send the token as a bearer.',
};

/** Lets through the bearer of the admin token, or a live session; a session writes from its own origin only. */
export const bearerAuth = createMiddleware<{ Bindings: Bindings }>(async (c, next) => {
  const bearer = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return (await isAdminToken(c.env, bearer)) ? next() : problemResponse(unauthorised);
  if (!(await hasSession(c, runtimeOf(c.env)))) return problemResponse(unauthorised);
  if (c.req.method !== 'GET' && !isSameOrigin(c.req.raw)) return problemResponse(crossOrigin);
  return next();
});
