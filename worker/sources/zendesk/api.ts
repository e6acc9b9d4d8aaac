import type { OrganisationInput } from '../../../schema/touchpoint.ts';
import { encodeBase64, utf8 } from '../../platform/hmac.ts';
import { askFor, goneFrom, segment } from '../ask.ts';
import { email, identifiers, own, phone } from '../person.ts';
import type { ApiContext, Asked, Completion, Lacking, ProviderApi } from '../provider-api.ts';
import {
  idOf,
  isObject,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  NAME_LIMIT,
  objectOf,
  TEXT_LIMIT,
  textOf,
  timeOf,
} from '../read.ts';

/**
 * https://developer.zendesk.com/api-reference/ticketing/users/users/#show-user and tickets/tickets/#show-ticket, at the address
 * of the account: that is the one part of a host that the owner gives, so that it has to be a single label.
 */
const SUBDOMAIN = /^[a-z0-9][a-z0-9-]{0,62}$/;

const hostOf = ({ subdomain = '' }: Readonly<Record<string, string>>): string | null =>
  SUBDOMAIN.test(subdomain) ? `${subdomain}.zendesk.com` : null;

const get = (context: ApiContext, path: string): Promise<Asked<JsonObject>> => {
  const { email: agent = '', apiToken = '' } = context.credentials;
  return askFor(context, `https://${hostOf(context.credentials) ?? 'zendesk.com'}/api/v2/${path}`, {
    authorization: `Basic ${encodeBase64(utf8(`${agent}/token:${apiToken}`))}`,
  });
};

/**
 * Who somebody is. Of colleagues nothing is told: whoever opens a ticket as an agent is no customer. Anybody opens one under any
 * address, so that it is a claim until Zendesk has had it confirmed (`verified` is that of the address). Nobody checks telephones.
 */
function told(user: JsonObject, organisations: readonly JsonObject[]): Completion {
  const role = textOf(user.role) ?? 'end-user';
  if (role !== 'end-user') return { data: { requesterRole: role } };
  return {
    person: {
      identifiers: identifiers(
        own('customer', user.id, 'asserted'),
        own('user_id', user.external_id, 'asserted'),
        email(user.email, user.verified === true ? 'asserted' : 'claimed'),
        // A number that several share is a switchboard's.
        user.shared_phone_number === true ? null : phone(user.phone, null, 'claimed'),
      ),
      profile: knownTexts({ name: textOf(user.name, NAME_LIMIT), language: textOf(user.locale, 35) }),
      organisations: user.verified === true ? organisationOf(user, organisations) : [],
    },
    profileAsOf: timeOf(user.updated_at),
  };
}

async function userDetails({ id }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `users/${segment(id)}.json?include=organizations`);
  return asked.ok ? { ok: true, value: told(objectOf(asked.value.user), organisationsIn(asked.value)) } : asked;
}

const organisationsIn = (answer: JsonObject): readonly JsonObject[] =>
  listOf(answer.organizations, 1000).filter(isObject);

/**
 * The organisation of a user, which comes beside them. Zendesk puts users into it by the domain of their address as well, so that it
 * is theirs once the address is confirmed.
 */
function organisationOf(user: JsonObject, organisations: readonly JsonObject[]): OrganisationInput[] {
  const id = idOf(user.organization_id);
  const { name, domain_names } = organisations.find((one) => id !== null && idOf(one.id) === id) ?? {};
  return id === null
    ? []
    : [{ key: `organization:${id}`, name: textOf(name, NAME_LIMIT), domain: textOf(listOf(domain_names)[0]) }];
}

/** A ticket whose event named no requester; the people on it come along in the same answer. */
async function ticketDetails({ id, kind }: Lacking, context: ApiContext): Promise<Asked<Completion>> {
  const asked = await get(context, `tickets/${segment(id)}.json?include=users,organizations`);
  if (!asked.ok) return asked;
  const ticket = objectOf(asked.value.ticket);
  const requester = idOf(ticket.requester_id);
  const users = listOf(asked.value.users, 1000).filter(isObject);
  const user = users.find((one) => requester !== null && idOf(one.id) === requester);
  const { data, ...person } = user ? told(user, organisationsIn(asked.value)) : {};
  const title = textOf(ticket.subject, 300);
  return {
    ok: true,
    value: {
      ...person,
      text: kind === 'ticket_created' ? textOf(ticket.description, TEXT_LIMIT) : null,
      data: known({ ...data, title, priority: textOf(ticket.priority) }),
    },
  };
}

export const api: ProviderApi = {
  summary: 'Fills in who wrote: Zendesk sends the number of a requester and not their name or address.',
  fields: [
    {
      name: 'subdomain',
      label: 'Subdomain',
      hint: 'The part before .zendesk.com in the address of your account.',
      isSecret: false,
      pattern: SUBDOMAIN,
      misfit: 'is not a subdomain: only small letters, digits and hyphens, without .zendesk.com',
    },
    {
      name: 'email',
      label: 'E-mail address of the agent',
      hint: 'The one the token works for.',
      isSecret: false,
      pattern: /^[^\s:@/]+@[^\s:@/]+$/,
      misfit: 'is not an e-mail address',
    },
    {
      name: 'apiToken',
      label: 'API token',
      isSecret: true,
      pattern: /^[\x21-\x7e]{20,200}$/,
      misfit: 'is not an API token',
    },
  ],
  setup: [
    {
      text: 'In the Zendesk Admin Center open Apps and integrations, then APIs, then API tokens, choose "Add API token" and copy it. A token may do all that the agent may whose address goes with it.',
    },
    {
      text: 'So that it can only read, give it with the address of an agent whose role may see all tickets and users and change none ("Light agent", or a custom role).',
    },
    {
      text: 'Paste the token and the address here, and the first part of your account’s address, before .zendesk.com.',
    },
  ],
  hosts: (credentials) => {
    const host = hostOf(credentials);
    return host === null ? [] : [host];
  },
  details: async (lacking, context) => {
    if (lacking.resource === 'user') return userDetails(lacking, context);
    return lacking.resource === 'ticket' ? ticketDetails(lacking, context) : goneFrom('Zendesk');
  },
};
