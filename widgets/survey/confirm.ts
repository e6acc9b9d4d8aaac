import type { Site } from '../embed/site.ts';
import { visitorOf } from './message.ts';

type Reply = { readonly token?: string | null; readonly code?: string };

/**
 * `rapport('confirm', email)` has a code mailed to the address; `rapport('confirm', email, {code})` proves with it. What the visitor
 * sends from then on is that person's. Tells the page by `code_asked`, `confirmed` and `confirm_failed`.
 */
export async function confirmAddress(site: Site, email?: unknown, proof?: unknown): Promise<void> {
  const { base, config, locale } = site;
  const { code } = (proof ?? {}) as { readonly code?: unknown };
  const body = JSON.stringify({
    visitor: visitorOf(site),
    email: `${email}`,
    locale,
    ...(!!code && { code: `${code}` }),
  });
  try {
    const signal = AbortSignal.timeout(20_000);
    // A string goes as text/plain, which needs no preflight.
    const answer = await fetch(`${base}/w/${config.key}/confirm`, { method: 'POST', body, signal });
    const reply: Reply = await answer.json();
    if (!answer.ok) return site.emit('confirm_failed', { reason: reply.code, status: answer.status });
    if (!code) return site.emit('code_asked', { email });
    site.identity = { ...site.identity, email, ...(reply.token && { token: reply.token }) };
    site.emit('confirmed', { email, token: reply.token });
  } catch {
    site.emit('confirm_failed', { reason: 'load' });
  }
}
