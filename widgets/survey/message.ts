import type { SiteEvent, SiteMessage } from '../../schema/survey.ts';
import type { Site } from '../embed/site.ts';
import { attempt } from '../embed/storage.ts';

/** A random UUID (version 4). `crypto.randomUUID` is missing on pages without TLS. */
export const randomId = (): string =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const random = crypto.getRandomValues(new Uint8Array(1))[0] ?? 0;
    return (+digit ^ (random & (15 >> (+digit / 4)))).toString(16);
  });

/** The visitor's id, made at the first act: kept for the session, and longer only with consent. */
export function visitorOf(site: Site): string {
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

/** What the server refuses for its length would take the answer with it. */
const LIMITS: Readonly<Record<string, number>> = { userId: 200, email: 254, phone: 40, name: 200, token: 4000 };

/** More traits than this are left out, and of long ones the end. */
const TRAITS = 20;
const [TRAIT_NAME, TRAIT] = [60, 200];

/** Keeps what an identity may hold: what names a person as text, other plain traits as they are. */
export function identityOf(fields: Readonly<Record<string, unknown>>): SiteMessage['identity'] {
  const given = Object.entries(fields).filter(([, value]) => (value ?? '') !== '');
  const known = given.flatMap(([name, value]) => (LIMITS[name] ? [[name, `${value}`.slice(0, LIMITS[name])]] : []));
  const others = given.flatMap(([name, value]) =>
    LIMITS[name] || name.length > TRAIT_NAME || !(/^(?:str|boo)/.test(typeof value) || Number.isFinite(value))
      ? []
      : [[name, typeof value === 'string' ? value.slice(0, TRAIT) : value]],
  );
  const traits = others.length > 0 && { traits: Object.fromEntries(others.slice(0, TRAITS)) };
  return known.length > 0 || traits ? { ...Object.fromEntries(known), ...traits } : undefined;
}

export function composeMessage(site: Site, event: SiteEvent): SiteMessage {
  const { locale } = site;
  const identity = identityOf(site.identity ?? {});
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
