import { type Context, Hono } from 'hono';
import { adminToken, type Bindings, MIN_TOKEN_LENGTH } from '../platform/env.ts';
import { logError } from '../platform/log.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { endSession, hasSession, isAdminToken, isSameOrigin, isTicket, startSession } from '../staff/session.ts';
import { crossOrigin, problemPage } from './errors.tsx';
import { formOf, localPath } from './form.ts';
import { PlainPage } from './layout.tsx';
import { pageResponse } from './response.ts';

type Staff = Context<{ Bindings: Bindings }>;

/** Without a token nobody can sign in, and nobody should: the page says how to set one. */
const notSetUp = (): Response =>
  pageResponse(
    <PlainPage title="One step is missing">
      <h1>One step is missing</h1>
      <p>Nobody can sign in yet, because the secret ADMIN_TOKEN is not set or is too short.</p>
      <p>Set one of at least {String(MIN_TOKEN_LENGTH)} characters from the folder you deployed from:</p>
      <pre class="code">npx wrangler secret put ADMIN_TOKEN</pre>
      <p class="muted">It takes effect at once. Then reload this page.</p>
    </PlainPage>,
    { status: 503 },
  );

function signInPage(next: string, fault: string | null, status = 200): Response {
  return pageResponse(
    <PlainPage title="Sign in">
      <h1>Sign in</h1>
      <form method="post" action="/sign-in" class="stack">
        <input type="hidden" name="next" value={next} />
        {/* A password manager files the token under a name. */}
        <input
          class="visually-hidden"
          type="text"
          name="username"
          value="staff"
          autocomplete="username"
          tabIndex={-1}
          aria-hidden="true"
          readOnly
        />
        <div class="field">
          <label for="token">Admin token</label>
          <input
            id="token"
            name="token"
            type="password"
            autocomplete="current-password"
            required
            aria-invalid={fault ? 'true' : undefined}
            aria-describedby={fault ? 'token-fault' : 'token-hint'}
          />
          {fault ? (
            <p class="fault" id="token-fault" role="alert">
              {fault}
            </p>
          ) : (
            <p class="hint" id="token-hint">
              The secret ADMIN_TOKEN of this deployment.
            </p>
          )}
        </div>
        <button type="submit">Sign in</button>
      </form>
    </PlainPage>,
    { status },
  );
}

/** True when this address has tried too often. A limiter that fails counts as full: guessing must never become free. */
async function isLimited(c: Staff): Promise<boolean> {
  if (!c.env.SIGN_IN_LIMIT) return false;
  try {
    const address = c.req.header('cf-connecting-ip') ?? 'unknown';
    return !(await c.env.SIGN_IN_LIMIT.limit({ key: `sign-in ${address}` })).success;
  } catch (error) {
    logError(error);
    return true;
  }
}

async function enter(c: Staff, next: string): Promise<Response> {
  await startSession(c, runtimeOf(c.env));
  c.header('cache-control', 'no-store');
  return c.redirect(next, 303);
}

const originOf = (c: Staff): string => new URL(c.req.url).origin;

/** The doors of the staff's side. */
export const signIn = new Hono<{ Bindings: Bindings }>()
  .get('/sign-in', async (c) => {
    if (!adminToken(c.env)) return notSetUp();
    const next = localPath(c.req.query('next'), originOf(c));
    const ticket = c.req.query('ticket');
    if (ticket !== undefined) {
      if (await isTicket(c.env, ticket, Date.now())) return enter(c, '/');
      return signInPage(next, 'This link has expired. Sign in with the token, or make a new link.', 401);
    }
    return (await hasSession(c, runtimeOf(c.env))) ? c.redirect(next, 303) : signInPage(next, null);
  })
  .post('/sign-in', async (c) => {
    if (!adminToken(c.env)) return notSetUp();
    if (!isSameOrigin(c.req.raw)) return problemPage(crossOrigin);
    const form = await formOf(c.req.raw);
    const next = localPath(form.text('next'), originOf(c));
    if (await isLimited(c)) return signInPage(next, 'Too many tries. Wait a minute, then try again.', 429);
    if (await isAdminToken(c.env, form.text('token').trim())) return enter(c, next);
    return signInPage(next, 'That is not the token of this deployment.', 401);
  })
  .post('/sign-out', async (c) => {
    if (!isSameOrigin(c.req.raw)) return problemPage(crossOrigin);
    await endSession(c, runtimeOf(c.env));
    c.header('cache-control', 'no-store');
    return c.redirect('/sign-in', 303);
  });
