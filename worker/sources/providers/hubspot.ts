import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { api } from '../hubspot/api.ts';
import { readEvent, subscriptionOf } from '../hubspot/event.ts';
import { hubspotScheme, verifyHubspot } from '../hubspot/signature.ts';
import type { Delivery, Provider, SampleContext, SetupStep, Translation } from '../provider.ts';
import { publicUrlSetting } from '../public-url.ts';
import { isObject, listOf, misfit, objectOf, settingsParser } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { signedHeaders } from '../verify.ts';

const setup: readonly SetupStep[] = [
  {
    text: 'In HubSpot open Development, then Legacy apps (or Settings, Integrations, Private apps), and open your app or create one that may read contacts.',
  },
  { text: 'Open the tab Webhooks of the app and paste this address into "Target URL".', copy: 'url' },
  {
    text: 'Choose "Create subscription" for the object Contact with the events Created, Deleted, Privacy deletion and Property changed (email, phone, company, city, lifecyclestage), and for the object Ticket with Created. Then activate them.',
  },
  {
    text: 'Open the tab Auth, choose "Show secret" at "Client secret", copy it and paste it here as the secret.',
    copy: 'secret',
  },
  {
    text: 'HubSpot signs the address as well. If yours leads here through another host, set the address HubSpot knows as "publicUrl".',
  },
  {
    text: 'Change a contact to try it. HubSpot sends the id of a contact and what changed; the rest is fetched with an access token, if you set one below.',
  },
];

/** A list of up to a hundred events, also of several kinds. */
function translate(payload: Json, _delivery: Delivery): Translation {
  const events = Array.isArray(payload) ? listOf(payload, Number.POSITIVE_INFINITY) : [payload];
  if (events.length > 0 && !events.some(isObject)) return misfit('$', 'expected a list of events');
  const touchpoints = events.map((event) => readEvent(objectOf(event))).filter((touchpoint) => touchpoint !== null);
  if (touchpoints.length > 0) return { ok: true, touchpoints };
  return { ok: true, ignored: events.length === 0 ? 'no event' : subscriptionOf(objectOf(events[0])) };
}

async function sample({ secret, now, seed, url }: SampleContext) {
  const { email, number } = samplePerson(seed);
  const event = { portalId: 1, appId: 1, subscriptionId: 1, attemptNumber: 0, objectId: number, occurredAt: now };
  const body = JSON.stringify([
    { ...event, eventId: number, subscriptionType: 'contact.creation', changeSource: 'CRM_UI', changeFlag: 'NEW' },
    {
      ...event,
      eventId: number + 1,
      subscriptionType: 'contact.propertyChange',
      propertyName: 'email',
      propertyValue: email,
      changeSource: 'CRM_UI',
    },
  ]);
  return {
    headers: {
      'Content-Type': 'application/json',
      ...(await signedHeaders(hubspotScheme, { secret, body, now, url })),
    },
    body,
  };
}

const hubspot: Provider = {
  kind: 'hubspot',
  title: 'HubSpot',
  summary: 'Contacts and tickets of HubSpot.',
  group: 'message',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  api,
  parseSettings: settingsParser(v.strictObject({ publicUrl: publicUrlSetting })),
  verify: verifyHubspot,
  translate,
  sample,
};

export default hubspot;
