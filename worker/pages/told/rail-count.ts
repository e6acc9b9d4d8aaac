import type { Context } from 'hono';
import type { Bindings, Runtime } from '../../platform/env.ts';
import { logError } from '../../platform/log.ts';
import { countUnread } from '../../reactions/notices.ts';
import { memberOfSession } from '../../staff/session.ts';
import { formatCount } from '../format.ts';

type Staff = Context<{ Bindings: Bindings }>;

/** More is as good as many. */
const MOST = 99;

/** How many notices wait for whoever this session has said they are. A page is shown all the same where that cannot be read. */
export async function unreadOf(c: Staff, runtime: Runtime): Promise<number> {
  try {
    const member = await memberOfSession(c, runtime);
    return member === null ? 0 : await countUnread(runtime.db, member);
  } catch (error) {
    logError(error);
    return 0;
  }
}

const markup = (unread: number): string => {
  const shown = unread > MOST ? `${MOST}+` : formatCount(unread);
  return ` <span class="count">${shown}<span class="visually-hidden"> unread</span></span>`;
};

/**
 * Puts the count beside the link to the notices, in a page that is made already: no page need know of it. On a narrow screen the link
 * is folded away, and the count stands beside what unfolds it as well.
 */
export function withCount(page: Response, unread: number): Response {
  if (unread === 0 || !page.headers.get('content-type')?.startsWith('text/html')) return page;
  const count = markup(unread);
  return new HTMLRewriter()
    .on('.rail a[href="/notices"], .rail-more > summary', {
      element(link) {
        link.append(count, { html: true });
      },
    })
    .transform(page);
}
