import type { Site, SurveyModule } from './site.ts';
import { attempt } from './storage.ts';

type Arguments = [name: string, ...rest: unknown[]];

/** `window.rapport`: a command by its name. Before the script is there, the page's stub keeps the calls in `q`. */
export type Api = (...args: Arguments) => unknown;
export type RapportFunction = Api & { readonly key?: string; readonly q?: Iterable<Arguments> };

type Deed = (site: Site, ...rest: unknown[]) => unknown;
type Commands = Readonly<Record<string, (...rest: unknown[]) => unknown>>;

/** The JS API of one site, and a way to call the survey that loads it first. */
export function commandsOf(site: Site) {
  const { config, base, prefix } = site;
  let survey: Promise<SurveyModule> | undefined;

  const call = (name: keyof SurveyModule, ...rest: unknown[]) => {
    survey ??= import(base + config.survey) as Promise<SurveyModule>;
    return survey
      .then((module) => (module[name] as Deed)(site, ...rest))
      .catch((error) => {
        survey = undefined;
        console.warn(`rapport: not loaded. A CSP needs script-src, connect-src ${base}`, error);
        site.emit('error', { reason: 'load' });
      });
  };

  const forget = (name: string) =>
    attempt(() => {
      for (const storage of [localStorage, sessionStorage]) storage.removeItem(prefix + name);
    });

  const commands: Commands = {
    identify: (userId, traits, proof) => {
      site.identity = { ...(traits as object), ...(proof as object), userId };
    },
    // A page may open the survey from its own button: then the visitor asked for it.
    open: () => call('open', navigator.userActivation?.isActive),
    close: () => survey && call('close'),
    page: () => site.hasConsent && call('page'),
    consent: (choice) => {
      site.hasConsent = choice === 'granted';
      if (!site.hasConsent) forget('visitor');
    },
    reset: () => {
      site.identity = {};
      site.visitor = undefined;
      forget('visitor');
      forget('draft');
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
