import { createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import { APPS_SCRIPT } from '../../worker/sources/google-forms/script.ts';
import type { Provider } from '../../worker/sources/provider.ts';
import calendly from '../../worker/sources/providers/calendly.ts';
import fillout from '../../worker/sources/providers/fillout.ts';
import formbricks from '../../worker/sources/providers/formbricks.ts';
import googleForms from '../../worker/sources/providers/google_forms.ts';
import jotform from '../../worker/sources/providers/jotform.ts';
import tally from '../../worker/sources/providers/tally.ts';
import typeform from '../../worker/sources/providers/typeform.ts';
import webflow from '../../worker/sources/providers/webflow.ts';
import { deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';
import { verifyWith } from '../support/senders.ts';

const AT = '2026-01-15T12:00:00Z';
const translate = (provider: Provider, payload: Json, settings?: Record<string, Json>) =>
  translateWith(provider, deliveryOf({}, JSON.stringify(payload)), payload, settings);
const read = (...args: Parameters<typeof translate>) => onlyTouchpoint(translate(...args));

const typeformed = (answers: Json, definition: Json = {}) => ({
  event_type: 'form_response',
  form_response: { form_id: 'f1', token: 't1', submitted_at: AT, definition, answers },
});

describe('a form', () => {
  it('is a claim, also where its tool signs', () => {
    const answers = [
      { type: 'email', email: 'Nadia@Example.com', field: { id: 'a' } },
      { type: 'phone_number', phone_number: '+390591234567', field: { id: 'b' } },
    ];
    expect(read(typeform, typeformed(answers))).toMatchObject({
      messageId: 't1',
      kind: 'form_submitted',
      subject: 'form:f1',
      occurredAt: Date.parse(AT),
      person: {
        key: 'email:nadia@example.com',
        identifiers: [
          { kind: 'email', value: 'nadia@example.com', assurance: 'claimed' },
          { kind: 'phone', value: '+390591234567', assurance: 'claimed' },
        ],
      },
    });
  });

  it('reads numbers without a country code by the country of its settings', () => {
    const form = { triggerType: 'form_submission', payload: { id: 'w1', data: { Telefono: '059 123456' } } };
    expect(read(webflow, form).person.identifiers).toEqual([]);
    expect(read(webflow, form, { country: 'IT' }).person.identifiers).toEqual([
      { kind: 'phone', value: '+39059123456', assurance: 'claimed' },
    ]);
    expect(webflow.parseSettings({ country: 'Italy' })).toMatchObject({ ok: false, misfits: [{ path: '$.country' }] });
  });

  it('keeps two questions of one wording, and no password', () => {
    const data = (label: string, value: Json) => ({ key: `k_${value}`, label, type: 'INPUT_TEXT', value });
    const fields = [data('Size', 'S'), data('Size', 'M'), data('Password', 'hunter2'), data('_next', 'x')];
    expect(
      read(tally, { eventType: 'FORM_RESPONSE', data: { submissionId: 's1', createdAt: AT, fields } }).data?.fields,
    ).toEqual({ Size: 'S', 'Size (2)': 'M', Password: '[not stored]', next: 'x' });
  });

  it('without an id is refused by path, and of another kind ignored with a word', () => {
    const misfits: readonly [Provider, Json, string][] = [
      [typeform, { event_type: 'form_response' }, '$.form_response.token'],
      [tally, { eventType: 'FORM_RESPONSE' }, '$.data.submissionId'],
      [fillout, {}, '$.submission.submissionId'],
      [jotform, { submissionID: '1', rawRequest: '[' }, '$.rawRequest'],
      [webflow, { triggerType: 'form_submission', payload: {} }, '$.payload.data'],
      [googleForms, { event_type: 'form_response' }, '$.event_id'],
      [formbricks, { event: 'responseFinished', data: {} }, '$.data.id'],
    ];
    for (const [provider, payload, path] of misfits)
      expect(translate(provider, payload)).toMatchObject({ ok: false, misfits: [{ path }] });
    expect(translate(webflow, { triggerType: 'site_publish' })).toEqual({ ok: true, ignored: 'site_publish' });
    expect(translate(formbricks, { event: 'responseUpdated' })).toEqual({ ok: true, ignored: 'responseUpdated' });
  });
});

it('Typeform: choices are told by their labels, questions by their titles, and a part of a form is its start', () => {
  const answers = [
    { type: 'choices', choices: { labels: ['Blue', 'Green'], other: 'Teal' }, field: { id: 'c' } },
    { type: 'choice', choice: { other: 'By post' }, field: { id: 'gone' } },
    { type: 'text', text: 'Owen Pritchard', field: { id: 'n', type: 'short_text' } },
    { type: 'date', date: '2026-02-01', field: { id: 'd' } },
  ];
  const fields = [
    { id: 'c', title: 'Which colours?' },
    { id: 'n', title: "What's your name?" },
    { id: 'd', title: 'When?' },
  ];
  const submission = typeformed(answers, { title: 'Order', fields });
  expect(read(typeform, submission)).toMatchObject({
    person: { key: 'submission:t1', profile: { name: 'Owen Pritchard' } },
    data: {
      form: 'Order',
      fields: { 'Which colours?': 'Blue, Green, Teal', choice: 'By post', 'When?': '2026-02-01' },
    },
  });
  expect(read(typeform, { ...submission, event_type: 'form_response_partial' })).toMatchObject({
    messageId: 't1:started',
    kind: 'form_started',
  });
});

it('Jotform: names in parts are one name, and no time is that of arrival', () => {
  const rawRequest = JSON.stringify({
    slug: 'submit/1',
    q3_fullName3: { prefix: '', first: 'Ivelina', last: 'Radeva' },
    q4_email: 'ivelina@example.com',
    q5_phoneNumber: { full: '+359 32 123 456' },
    q6_preferredDate: { month: '02', day: '01', year: '2026' },
    q7_message: 'Chipped spout',
    event_id: 'x',
  });
  expect(read(jotform, { formID: '7', submissionID: '600', formTitle: 'Repairs', rawRequest })).toMatchObject({
    messageId: '600',
    occurredAt: null,
    text: 'Chipped spout',
    person: { key: 'email:ivelina@example.com', profile: { name: 'Ivelina Radeva' } },
    data: { formId: '7', form: 'Repairs', fields: { 'preferred Date': '02 01 2026' } },
  });
});

it('Fillout: what was asked for comes before who booked and who paid', () => {
  const submission = {
    submissionId: 's1',
    submissionTime: AT,
    questions: [],
    scheduling: [{ id: 'm', name: 'Visit', value: { fullName: 'Mara Lindqvist', email: 'mara@example.com' } }],
    payments: [
      { id: 'p', name: 'Deposit', value: { email: 'office@example.org', totalAmount: 1000, currency: 'SEK' } },
    ],
  };
  expect(read(fillout, { formId: 'f', submission })).toMatchObject({
    value: null,
    person: { key: 'email:mara@example.com' },
    data: { payment: { amountMinor: 1000, currency: 'SEK' } },
  });
});

it('Webflow: unsigned by its address alone, and signed once there is a secret', async () => {
  const delivery = deliveryOf({}, '{}');
  expect(await verifyWith(webflow, delivery, { secrets: [''], now: 0 })).toEqual({ ok: true });
  expect(await verifyWith(webflow, delivery, { secrets: ['shh'], now: 0 })).toMatchObject({
    refusal: { reason: 'signature_missing' },
  });
});

it('Google Forms: the script in the set-up text sends what is accepted and read', async () => {
  const sent: { url: string; options: { payload: string; contentType: string; headers: Record<string, string> } }[] =
    [];
  const secret = 'whsec_made_up';
  const answer = (title: string, type: string, response: Json) => ({
    getItem: () => ({ getId: () => 1, getTitle: () => title, getType: () => type }),
    getResponse: () => response,
  });
  const script = APPS_SCRIPT.replace('{url}', 'https://rapport.example/in/key').replace('{secret}', secret);
  runInNewContext(`${script}; send(event)`, {
    event: {
      source: { getId: () => 'form-1', getTitle: () => 'Colours' },
      response: {
        getId: () => 'response-1',
        getRespondentEmail: () => '',
        getTimestamp: () => new Date(AT),
        getItemResponses: () => [
          answer('Name', 'TEXT', 'Żaneta Borowik'),
          answer('E-mail', 'TEXT', 'zaneta@example.com'),
          answer('Colours', 'CHECKBOX', ['Sea green', 'Mustard']),
        ],
      },
    },
    Utilities: {
      Charset: { UTF_8: 'utf8' },
      // Bytes are signed in Apps Script.
      computeHmacSha256Signature: (text: string, key: string) => [
        ...new Int8Array(createHmac('sha256', key).update(text, 'utf8').digest()),
      ],
    },
    UrlFetchApp: { fetch: (url: string, options: (typeof sent)[number]['options']) => sent.push({ url, options }) },
  });
  const [{ url, options } = { url: '', options: { payload: '', contentType: '', headers: {} } }] = sent;
  expect(url).toBe('https://rapport.example/in/key');
  const delivery = deliveryOf({ ...options.headers, 'Content-Type': options.contentType }, options.payload);
  expect(await verifyWith(googleForms, delivery, { secrets: [secret], now: Date.now() })).toEqual({ ok: true });
  expect(onlyTouchpoint(translateWith(googleForms, delivery))).toMatchObject({
    messageId: 'response-1',
    occurredAt: Date.parse(AT),
    person: { key: 'email:zaneta@example.com', profile: { name: 'Żaneta Borowik' } },
    data: { formId: 'form-1', fields: { Colours: 'Sea green, Mustard' } },
  });
});

describe('Calendly', () => {
  const invitee = {
    uri: 'https://api.calendly.com/scheduled_events/m1/invitees/i1',
    email: 'mara@example.com',
    name: 'Mara Lindqvist',
    created_at: AT,
    rescheduled: true,
    cancellation: { canceler_type: 'host', created_at: AT, reason: 'Ill' },
    scheduled_event: { uri: 'https://api.calendly.com/scheduled_events/m1', name: 'Visit', start_time: AT },
  };

  it('is a claim: anybody can book under any address', () => {
    expect(read(calendly, { event: 'invitee.created', payload: invitee })).toMatchObject({
      kind: 'meeting_booked',
      subject: 'meeting:m1',
      initiator: 'customer',
      person: { identifiers: [{ value: 'mara@example.com', assurance: 'claimed' }] },
    });
  });

  it('says who cancelled', () => {
    expect(read(calendly, { event: 'invitee.canceled', payload: invitee })).toMatchObject({
      kind: 'meeting_cancelled',
      direction: 'out',
      initiator: 'company',
      text: 'Ill',
      data: { rescheduled: true },
    });
  });

  it('has no use for routing forms', () => {
    expect(translate(calendly, { event: 'routing_form_submission.created', payload: {} })).toMatchObject({
      ignored: 'routing_form_submission.created',
    });
  });
});
