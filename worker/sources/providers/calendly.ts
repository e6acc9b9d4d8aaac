import * as v from 'valibot';
import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import { formSettings } from '../form-answers.ts';
import { claimKey, email, identifiers, phone } from '../person.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import {
  firstOf,
  fullName,
  isObject,
  type JsonObject,
  known,
  knownTexts,
  listOf,
  misfit,
  NAME_LIMIT,
  objectOf,
  settingsParser,
  TEXT_LIMIT,
  textOf,
  timeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/** https://developer.calendly.com/api-docs/webhook-signatures: hex HMAC-SHA256 of time, dot and body, under a key we chose. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'Calendly-Webhook-Signature',
  layout: { as: 'pairs', separator: ',', signature: 'v1', timestamp: 't' },
  encoding: 'hex',
  signed: '{timestamp}.{body}',
  timestamp: { unit: 'seconds', toleranceSeconds: 180 },
};

const SUBSCRIBE = `curl https://api.calendly.com/webhook_subscriptions \\
  -H "Authorization: Bearer YOUR_TOKEN" -H "Content-Type: application/json" \\
  -d '{"url": "{url}", "signing_key": "{secret}", "scope": "organization",
       "organization": "YOUR_ORGANIZATION", "events": ["invitee.created", "invitee.canceled"]}'`;

const setup: readonly SetupStep[] = [
  {
    text: 'Calendly has webhooks in its paid plans and makes them by a command only. Open Integrations, then "API and webhooks", and choose "Get a token now".',
  },
  {
    text: 'Ask Calendly for your organization: the answer of this command has it as current_organization, an address that begins with https://api.calendly.com/organizations/.',
    code: 'curl https://api.calendly.com/users/me -H "Authorization: Bearer YOUR_TOKEN"',
  },
  { text: 'Put both into this command and run it.', code: SUBSCRIBE },
  { text: 'Its url is this address.', copy: 'url' },
  { text: 'Its signing_key is this secret.', copy: 'secret' },
  { text: 'Book a meeting with yourself: it appears here within a few seconds.' },
];

const KINDS: ReadonlyMap<string, 'meeting_booked' | 'meeting_cancelled'> = new Map([
  ['invitee.created', 'meeting_booked'],
  ['invitee.canceled', 'meeting_cancelled'],
]);

/** Last part of the address of a thing; its id is the whole. */
const tailOf = (uri: string): string => uri.slice(uri.lastIndexOf('/') + 1);

/**
 * The invitee, and not the host beside them. Anybody can book under any address, so that it is a claim although the
 * delivery is signed.
 */
function personOf(invitee: JsonObject, uri: string, country: string | null) {
  const list = identifiers(email(invitee.email, 'claimed'), phone(invitee.text_reminder_number, country, 'claimed'));
  const name = firstOf(textOf(invitee.name, NAME_LIMIT), fullName(invitee.first_name, invitee.last_name));
  return { key: claimKey(list, `invitee:${tailOf(uri)}`), identifiers: list, profile: knownTexts({ name }) };
}

const answersText = (invitee: JsonObject): string | null =>
  textOf(
    listOf(invitee.questions_and_answers)
      .map(objectOf)
      .flatMap(({ question, answer }) =>
        textOf(answer) === null ? [] : `${textOf(question, 300)}\n${textOf(answer, TEXT_LIMIT)}`,
      )
      .join('\n\n'),
    TEXT_LIMIT,
  );

/** The time at the top is that of the delivery; what happened, and when, stands inside. */
function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const event = textOf(payload.event) ?? 'no event';
  const kind = KINDS.get(event);
  if (!kind) return { ok: true, ignored: event };
  const invitee = objectOf(payload.payload);
  const uri = textOf(invitee.uri);
  if (uri === null) return misfit('$.payload.uri', 'expected the address of the invitee');
  const meeting = objectOf(invitee.scheduled_event);
  const cancellation = objectOf(firstOf(invitee.cancellation, meeting.cancellation));
  const isCancelled = kind === 'meeting_cancelled';
  const isByHost = isCancelled && cancellation.canceler_type === 'host';
  const touchpoint: TouchpointInput = {
    messageId: `${event}:${uri}`,
    kind,
    channel: 'meeting',
    direction: isByHost ? 'out' : 'in',
    initiator: isByHost ? 'company' : 'customer',
    occurredAt: isCancelled
      ? firstOf(timeOf(cancellation.created_at), timeOf(invitee.updated_at))
      : timeOf(invitee.created_at),
    subject: `meeting:${tailOf(textOf(meeting.uri) ?? uri)}`,
    text: isCancelled ? textOf(cancellation.reason, TEXT_LIMIT) : answersText(invitee),
    person: personOf(invitee, uri, typeof settings.country === 'string' ? settings.country : null),
    data: known({
      externalId: uri,
      title: textOf(meeting.name),
      startsAt: isoOf(meeting.start_time),
      endsAt: isoOf(meeting.end_time),
      timezone: textOf(invitee.timezone, 60),
      location: textOf(objectOf(meeting.location).type, 60),
      host: textOf(objectOf(listOf(meeting.event_memberships)[0]).user_name),
      // Moving a meeting is a cancellation that says so, and a booking that names the one before it.
      rescheduled: typeof invitee.rescheduled === 'boolean' ? invitee.rescheduled : null,
      replaces: textOf(invitee.old_invitee),
    }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

function isoOf(value: Json | undefined): string | null {
  const time = timeOf(value);
  return time === null ? null : new Date(time).toISOString();
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email: address, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const meeting = `https://api.calendly.com/scheduled_events/sample-${seed}`;
  const body = JSON.stringify({
    event: 'invitee.created',
    created_at: at,
    payload: {
      uri: `${meeting}/invitees/${number}`,
      email: address,
      name: `${first} ${last}`,
      created_at: at,
      updated_at: at,
      rescheduled: false,
      questions_and_answers: [{ position: 0, question: 'What is it about?', answer: 'A tea service for twelve.' }],
      scheduled_event: {
        uri: meeting,
        name: 'Visit to the showroom',
        start_time: new Date(now + 86_400_000).toISOString(),
        end_time: new Date(now + 88_200_000).toISOString(),
        location: { type: 'physical' },
        event_memberships: [{ user_name: 'The showroom', user_email: 'showroom@example.org' }],
      },
    },
  });
  return {
    headers: { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) },
    body,
  };
}

const calendly: Provider = {
  kind: 'calendly',
  title: 'Calendly',
  summary: 'Meetings booked, moved and cancelled.',
  group: 'form',
  door: 'webhook',
  secret: 'from_us',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default calendly;
