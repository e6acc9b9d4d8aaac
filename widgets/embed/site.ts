import type { Locale } from '../../schema/survey.ts';
import type { LoaderConfig } from './config.ts';

/** One widget on one page: what the loader hands to the survey. */
export interface Site {
  readonly config: LoaderConfig;
  /** Where the worker lives, without a slash at the end. */
  readonly base: string;
  readonly locale: Locale;
  /** Start of every name kept in storage. */
  readonly prefix: string;
  /** The shadow root everything is drawn in, and the box in it that stands in the corner. */
  readonly root: ShadowRoot;
  readonly box: HTMLElement;
  readonly button: HTMLButtonElement;
  /** As the page gave it, unchecked. */
  identity?: Readonly<Record<string, unknown>>;
  /** Absent until the visitor acts. */
  visitor?: string | undefined;
  hasConsent?: boolean;
  /** Dispatches `rapport:<name>` on the document. */
  emit(name: string, detail?: Readonly<Record<string, unknown>>): void;
}

/** The survey's entry module, loaded at the visitor's first act. */
export interface SurveyModule {
  open(site: Site, isByVisitor: boolean): Promise<void>;
  close(site: Site): void;
  page(site: Site): void;
  flush(site: Site): void;
  reset(site: Site): void;
  /** Commands that the loader does not know. */
  on(site: Site, name: string, ...rest: unknown[]): unknown;
}
