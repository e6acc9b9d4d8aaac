import type { SiteSettings } from '../../schema/survey.ts';

/** What the worker writes into the loader, in place of the string `"__RAPPORT_CONFIG__"`. */
export type LoaderConfig = {
  /** Origin of the worker, used when the script cannot see where it came from. */
  readonly host: string;
  /** The source's public key, as in `/w/<key>.js`. */
  readonly key: string;
  /** URL path of the survey's entry module: `survey` in `.build/manifest.json`. */
  readonly survey: string;
  readonly settings: SiteSettings;
};
