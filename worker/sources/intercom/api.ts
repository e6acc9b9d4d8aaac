import { askFor, goneFrom, segment } from '../ask.ts';
import type { ApiContext, Asked, Completion, Lacking, ProviderApi } from '../provider-api.ts';
import { firstOf, idOf, timeOf, unixTimeOf } from '../read.ts';
import { personOf } from './notice.ts';

/**
 * https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/showcontact. A workspace lives in one of
 * three regions, each with a host of its own.
 */
const HOSTS: ReadonlyMap<string, string> = new Map([
  ['us', 'api.intercom.io'],
  ['eu', 'api.eu.intercom.io'],
  ['au', 'api.au.intercom.io'],
]);
const VERSION = '2.15';

const hostOf = ({ region = 'us' }: Readonly<Record<string, string>>): string =>
  HOSTS.get(region.trim().toLowerCase()) ?? 'api.intercom.io';

async function contactDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const host = hostOf(context.credentials);
  const asked = await askFor(context, `https://${host}/contacts/${segment(id)}`, {
    authorization: `Bearer ${context.credentials.accessToken ?? ''}`,
    'intercom-version': VERSION,
  });
  if (!asked.ok) return asked;
  const contact = asked.value;
  if (idOf(contact.id) === null) return goneFrom(host);
  const { key: _key, ...person } = personOf(contact, '');
  const updatedAt = firstOf(timeOf(contact.updated_at), unixTimeOf(contact.updated_at));
  return { ok: true, value: { person, profileAsOf: updatedAt } };
}

export const api: ProviderApi = {
  summary: 'Fills in who wrote: tickets and conversations of Intercom often name a contact by its id alone.',
  fields: [
    {
      name: 'accessToken',
      label: 'Access token',
      isSecret: true,
      pattern: /^[A-Za-z0-9_=:.-]{20,500}$/,
      misfit: 'is not an access token',
    },
    {
      name: 'region',
      label: 'Region of the workspace',
      hint: 'us, eu or au: see Settings, General, Data hosting region. Empty for us.',
      isSecret: false,
      pattern: /^(us|eu|au)$/,
      misfit: 'is one of us, eu and au',
      isOptional: true,
    },
  ],
  setup: [
    {
      text: 'In the Intercom Developer Hub open the app whose webhooks come here, then Configure, then Authentication.',
    },
    {
      text: 'Under the permissions leave only "Read and list users and companies" ticked, and save. Copy the "Access token" and paste it here.',
    },
    { text: 'If your workspace is hosted in Europe or Australia, set the region to eu or au.' },
  ],
  hosts: (credentials) => [hostOf(credentials)],
  details: async (lacking, context) =>
    lacking.resource === 'contact' ? contactDetails(lacking, context) : goneFrom(hostOf(context.credentials)),
};
