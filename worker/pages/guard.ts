import { createMiddleware } from 'hono/factory';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { hasSession, isSameOrigin } from '../staff/session.ts';
import { crossOrigin, problemPage } from './errors.tsx';
import { seeOther } from './response.ts';
import { unreadOf, withCount } from './told/rail-count.ts';

/** Lets through who has a live session; what writes must come from a page of ours. Others are led to the sign-in page. */
export const sessionGuard = createMiddleware<{ Bindings: Bindings }>(async (c, next) => {
  const isReading = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!isReading && !isSameOrigin(c.req.raw)) return problemPage(crossOrigin);
  const runtime = runtimeOf(c.env);
  if (await hasSession(c, runtime)) {
    if (!isReading) return next();
    const [unread] = await Promise.all([unreadOf(c, runtime), next()]);
    if (unread > 0) c.res = withCount(c.res, unread);
    return;
  }
  const url = new URL(c.req.url);
  // What was posted is gone with the session; the page it was posted from is the place to come back to.
  const back = isReading ? url.pathname + url.search : url.pathname.replace(/\/[a-z]+$/, '') || '/';
  return seeOther(`/sign-in?next=${encodeURIComponent(back)}`);
});
