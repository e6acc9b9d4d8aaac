import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { type AnswerRole, type FormAnswer, formSettings, formTouchpoint } from '../form-answers.ts';
import { APPS_SCRIPT } from '../google-forms/script.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { idOf, isObject, type JsonObject, listOf, misfit, objectOf, settingsParser, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/** A scheme of our own, since the script that sends is ours as well: hex HMAC-SHA256 of unix seconds, a dot and the body. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'X-Rapport-Signature',
  layout: { as: 'pairs', separator: ',', signature: 'v1', timestamp: 't' },
  encoding: 'hex',
  signed: '{timestamp}.{body}',
  timestamp: { unit: 'seconds', toleranceSeconds: 300 },
};

const setup: readonly SetupStep[] = [
  {
    text: 'Google Forms cannot send by itself, so that a short script does it. Open your form, choose the three dots beside Send, then "Apps Script".',
  },
  { text: 'Delete what stands there and paste this script instead.', code: APPS_SCRIPT },
  { text: 'ADDRESS in its first line must be this address.', copy: 'url' },
  { text: 'SECRET in its second line must be this secret.', copy: 'secret' },
  {
    text: 'Save, choose "install" in the list above the script and press Run once. Google asks for permission to read the form and to send: choose your account, then Advanced, then "Go to …", then Allow.',
  },
  {
    text: 'To know who answers, turn on Settings, Responses, "Collect email addresses" in the form, or ask for the address in a question.',
  },
  { text: 'Send the form once yourself: it appears here within a few seconds.' },
];

const ROLES: ReadonlyMap<string, AnswerRole> = new Map([['PARAGRAPH_TEXT', 'message']]);

/** Grids answer with one entry a row, check boxes with a list, both of which read as a row of words. */
function answersOf(response: JsonObject): readonly FormAnswer[] {
  const answers = listOf(response.answers).map((raw) => {
    const answer = objectOf(raw);
    const field = objectOf(answer.field);
    return {
      label: textOf(field.title, 300) ?? idOf(field.id) ?? 'question',
      value: answer.response ?? null,
      role: ROLES.get(textOf(field.type) ?? '') ?? null,
    };
  });
  // Whether Google checked this address or the respondent typed it, the script cannot tell.
  const collected = textOf(response.email);
  return collected === null ? answers : [{ label: 'Email address', value: collected, role: 'email' }, ...answers];
}

function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  if (payload.event_type !== 'form_response') {
    return { ok: true, ignored: textOf(payload.event_type) ?? 'no event type' };
  }
  const id = idOf(payload.event_id);
  if (id === null) return misfit('$.event_id', 'expected the id of the response');
  const response = objectOf(payload.form_response);
  const touchpoint = formTouchpoint(
    {
      id,
      formId: idOf(response.form_id),
      formName: textOf(objectOf(response.definition).title),
      occurredAt: timeOf(response.submitted_at),
      answers: answersOf(response),
    },
    settings,
  );
  return { ok: true, touchpoints: [touchpoint] };
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const body = JSON.stringify({
    event_id: `sample-${seed}`,
    event_type: 'form_response',
    form_response: {
      form_id: 'sample-form',
      email,
      submitted_at: new Date(now).toISOString(),
      definition: { title: 'Which colours shall we stock?' },
      answers: [
        { field: { id: 1, title: 'Name', type: 'TEXT' }, response: `${first} ${last}` },
        { field: { id: 2, title: 'Colours', type: 'CHECKBOX' }, response: ['Sea green', 'Mustard'] },
        { field: { id: 3, title: 'Why?', type: 'PARAGRAPH_TEXT' }, response: `My teapot ${number} is grey.` },
      ],
    },
  });
  return {
    headers: { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) },
    body,
  };
}

const googleForms: Provider = {
  kind: 'google_forms',
  title: 'Google Forms',
  summary: 'Responses of a Google form, sent by a short script that signs them.',
  group: 'form',
  door: 'webhook',
  secret: 'from_us',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default googleForms;
