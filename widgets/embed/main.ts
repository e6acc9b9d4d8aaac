import type { Locale } from '../../schema/survey.ts';
import { chooseLocale, directionOf } from '../locales/locale.ts';
import css from './button.css';
import { type Api, commandsOf, type RapportFunction } from './commands.ts';
import type { LoaderConfig } from './config.ts';
import { textOn } from './contrast.ts';
import type { Site } from './site.ts';
import { attempt } from './storage.ts';
import { buttonWords } from './words.ts';

/** Replaced by the worker for each site. */
declare const __RAPPORT_CONFIG__: LoaderConfig;

declare global {
  interface Window {
    rapport?: RapportFunction;
  }
}

/** Where this script came from; the configured host when it was copied into another (tag managers, optimisers). */
function baseOf({ host, key }: LoaderConfig): string {
  const script = document.currentScript as HTMLScriptElement | null;
  const [base, rest] = (script?.src ?? '').split(`/w/${key}.js`);
  return base && rest !== undefined ? base : host;
}

function draw({ settings }: LoaderConfig, locale: Locale): Pick<Site, 'root' | 'box' | 'button'> {
  const host = document.createElement('rapport-widget');
  const root = host.attachShadow({ mode: 'open' });
  const box = document.createElement('div');
  const button = document.createElement('button');
  const sheet = new CSSStyleSheet();
  const scheme = settings.theme === 'auto' ? 'light dark' : settings.theme;
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  // Set by script, which a strict style-src allows, unlike the attribute.
  host.style.cssText = `--rp-accent:${settings.accent};--rp-on:${textOn(settings.accent)};--rp-scheme:${scheme}`;
  box.style.cssText = `inset-inline-${settings.button.side}:20px`;
  box.lang = locale;
  box.dir = directionOf(locale);
  button.textContent = settings.button.label ?? buttonWords[locale];
  button.hidden = !button.textContent;
  button.ariaHasPopup = 'dialog';
  box.appendChild(button);
  root.appendChild(box);
  return { root, box, button };
}

/** Puts the host element into the page, and again when the page swaps its body or drops what it does not know. */
function attach({ root: { host } }: Site): void {
  const put = () => {
    if (host.isConnected) return;
    document.body.appendChild(host);
    observer.observe(document.body, { childList: true });
  };
  // Not at once: a page that insists on dropping the element must not be caught in a loop with us.
  const observer = new MutationObserver(() => setTimeout(put));
  observer.observe(document.documentElement, { childList: true });
  put();
}

function start(config: LoaderConfig): void {
  const queued = window.rapport;
  if (queued?.key) return;
  const { key, settings } = config;
  const locale = chooseLocale(
    Object.keys(buttonWords) as [Locale, ...Locale[]],
    settings.locale === 'auto' ? [document.documentElement.lang, ...navigator.languages] : [settings.locale],
  );
  const prefix = `rapport:${key}:`;
  const site: Site = {
    ...draw(config, locale),
    config,
    base: baseOf(config),
    locale,
    prefix,
    emit: (name, detail) =>
      document.dispatchEvent(
        new CustomEvent(`rapport:${name}`, { detail: { key, survey: settings.survey.id, ...detail } }),
      ),
  };
  const { commands, call } = commandsOf(site);
  const api: Api = (name, ...rest) => (commands[name] ? commands[name](...rest) : call('on', name, ...rest));
  window.rapport = Object.assign(api, { key });
  site.button.onclick = () => call('open', true);

  const ready = () => {
    attach(site);
    for (const args of queued?.q ?? []) api(...args);
    site.emit('ready');
    const seconds = settings.openAfterSeconds;
    const isSeen = attempt(() => {
      // An answer that an earlier page could not send.
      if (Object.keys(localStorage).some((name) => name.startsWith(`${prefix}out`))) call('flush');
      return sessionStorage.getItem(`${prefix}seen`);
    });
    if (seconds && !isSeen) setTimeout(call, seconds * 1000, 'open');
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', ready);
  else ready();
}

start(__RAPPORT_CONFIG__);
