import * as v from 'valibot';
import { SiteSettings } from '../../schema/survey.ts';
import type { Runtime } from '../platform/env.ts';
import type { Provider } from '../sources/provider.ts';
import { providerOf, type Source, sourceByKey } from '../sources/store.ts';

/** A survey that stands at a URL of ours. */
export type HostedSurvey = {
  /** What stands in the URL. */
  readonly token: string;
  readonly source: Source;
  readonly provider: Provider;
  readonly settings: SiteSettings;
};

/**
 * The survey a token opens, or null. Today a token is the key of a site source, the same for everybody, and who answers is
 * nobody in particular; a token that names its respondent would be told apart here.
 */
export async function findHostedSurvey(runtime: Runtime, token: string): Promise<HostedSurvey | null> {
  const source = await sourceByKey(runtime, token);
  const provider = source && providerOf(source.kind);
  if (!source || provider?.door !== 'site') return null;
  const settings = v.safeParse(SiteSettings, source.settings);
  return settings.success ? { token, source, provider, settings: settings.output } : null;
}
