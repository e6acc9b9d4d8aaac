import type { Site, SurveyModule } from './site.ts';
import { attempt } from './storage.ts';

type Arguments = [name: string, ...rest: unknown[]];

/** `window.rapport`: a command by its name. Before the script is there, the page's stub keeps the calls in `q`. */
export type Api = (...args: Arguments) => unknown;
export type RapportFunction = Api & { readonly key?: string; readonly q?: Iterable<Arguments> };

type Commands = Readonly<Record<string, (...rest: unknown[]) => unknown>>;

/** What the server refuses for its length would take the answer with it. */
const LIMITS: Readonly<Record<string, number>> = { userId: 200, email: 254, phone: 40, name: 200, token: 4000 };

/** Keeps what an identity may hold, as text. */
export function identityOf(fields: Readonly<Record<string, unknown>>): Site['identity'] {
  const known = Object.keys(LIMITS).filter((name) => fields[name] !== undefined && fields[name] !== null);
  return known.length === 0
    ? undefined
    : Object.fromEntries(known.map((name) => [name, String(fields[name]).slice(0, LIMITS[name])]));
}

/** The JS API of one site, and a way to call the survey that loads it first. */
export function commandsOf(site: Site) {
  const { config, base, prefix } = site;
  let survey: Promise<SurveyModule> | undefined;

  const load = () => {
    survey ??= import(base + config.survey);
    return survey;
  };

  const call = (name: keyof SurveyModule, isByVisitor = false) =>
    load()
      .then((module) => module[name](site, isByVisitor))
      .catch((error) => {
        survey = undefined;
        console.warn(
          `rapport: could not start. A Content-Security-Policy needs script-src and connect-src ${base}`,
          error,
        );
        site.emit('error', { reason: 'load' });
      });

  /** A page may open the survey from its own button: then the visitor asked for it. */
  const isAct = () => navigator.userActivation?.isActive ?? true;

  const commands: Commands = {
    identify: (userId, traits, proof) => {
      site.identity = identityOf({ ...(traits as object), ...(proof as object), userId });
    },
    open: () => call('open', isAct()),
    close: () => survey && call('close'),
    page: () => site.hasConsent && call('page'),
    consent: (choice) => {
      site.hasConsent = choice === 'granted';
      if (!site.hasConsent) attempt(() => localStorage.removeItem(`${prefix}visitor`));
    },
    reset: () => {
      site.identity = site.visitor = undefined;
      for (const name of ['visitor', 'draft', 'seen'])
        attempt(() => {
          localStorage.removeItem(prefix + name);
          sessionStorage.removeItem(prefix + name);
        });
      return survey && call('reset');
    },
    on: (name, listen) => {
      const listener = (event: Event) => (listen as (detail: unknown) => void)((event as CustomEvent).detail);
      document.addEventListener(`rapport:${name}`, listener);
      return () => document.removeEventListener(`rapport:${name}`, listener);
    },
  };
  return { commands, call };
}
