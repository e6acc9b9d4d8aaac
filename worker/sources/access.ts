import type { ApiField } from './provider-api.ts';
import { providerOf } from './store.ts';

/** What a sender's API is asked with, whatever for: reading what its webhooks leave out, or sending mail. */
export const accessFields = (kind: string): readonly ApiField[] => {
  const provider = providerOf(kind);
  return [...(provider?.api?.fields ?? []), ...(provider?.mailer?.fields ?? [])];
};

/** Every host that these credentials would be shown to, sorted. */
export const accessHosts = (kind: string, credentials: Readonly<Record<string, string>>): readonly string[] => {
  const provider = providerOf(kind);
  return [...(provider?.api?.hosts(credentials) ?? []), ...(provider?.mailer?.hosts(credentials) ?? [])].sort();
};
