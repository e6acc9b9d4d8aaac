import type { SiteEvent, SiteMessage } from '../../schema/survey.ts';
import type { Site } from '../embed/site.ts';
import { attempt } from '../embed/storage.ts';

/** A random UUID. `crypto.randomUUID` is missing on pages without TLS. */
export const randomId = (): string =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (+digit ^ ((Math.random() * 16) >> (+digit / 4))).toString(16),
  );

/** The visitor's id, made at the first act: kept for the session, and longer only with consent. */
function visitorOf(site: Site): string {
  const name = `${site.prefix}visitor`;
  const id =
    (site.hasConsent && attempt(() => localStorage.getItem(name))) ||
    site.visitor ||
    attempt(() => sessionStorage.getItem(name)) ||
    randomId();
  site.visitor = id;
  attempt(() => sessionStorage.setItem(name, id));
  if (site.hasConsent) attempt(() => localStorage.setItem(name, id));
  return id;
}

export function composeMessage(site: Site, event: SiteEvent): SiteMessage {
  const { identity, locale } = site;
  return {
    visitor: visitorOf(site),
    locale,
    page: {
      url: location.href.slice(0, 2000),
      title: document.title.slice(0, 300),
      referrer: document.referrer.slice(0, 2000),
    },
    ...(identity && { identity }),
    events: [event],
  };
}
