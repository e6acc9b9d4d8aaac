import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { type AnswerRole, type FormAnswer, formSettings, formTouchpoint } from '../form-answers.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import {
  fieldOf,
  idOf,
  isObject,
  type JsonObject,
  known,
  listOf,
  misfit,
  objectOf,
  settingsParser,
  textOf,
  timeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/** https://www.typeform.com/developers/webhooks/secure-your-webhooks: `sha256=` and base64, of the raw body; no time is signed. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'Typeform-Signature',
  layout: { as: 'plain', prefix: 'sha256=' },
  encoding: 'base64',
  signed: '{body}',
};

const setup: readonly SetupStep[] = [
  { text: 'Open your form in Typeform, then Connect at the top, then Webhooks, and choose "Add a webhook".' },
  { text: 'Paste this address as the endpoint and save.', copy: 'url' },
  {
    text: 'Choose "Edit" beside the new webhook, paste this secret into "Secret" and save. Deliveries without it are refused.',
    copy: 'secret',
  },
  { text: 'Turn the webhook on with the switch on its left.' },
  { text: 'Choose "View deliveries", then "Send test request": it appears here within a few seconds.' },
];

const ROLES: ReadonlyMap<string, AnswerRole> = new Map([
  ['email', 'email'],
  ['phone_number', 'phone'],
  ['long_text', 'message'],
]);

/** The value stands under the name of the answer's type; choices are objects with labels. */
function answerValue(answer: JsonObject): Json {
  const type = textOf(answer.type) ?? '';
  const value = fieldOf(answer, type) ?? null;
  if (type === 'choice') return choiceText(objectOf(value));
  if (type === 'choices') {
    const { labels, other } = objectOf(value);
    return [...listOf(labels), ...(textOf(other) === null ? [] : [other ?? null])];
  }
  if (type === 'payment') return textOf(objectOf(value).amount);
  return value;
}

const choiceText = ({ label, other }: JsonObject): Json => textOf(label, 1000) ?? textOf(other, 1000);

/** Answers refer to fields by id, also to fields that the definition no longer has. */
function answersOf(response: JsonObject): readonly FormAnswer[] {
  const titles = new Map(
    listOf(objectOf(response.definition).fields).map((raw) => {
      const field = objectOf(raw);
      return [idOf(field.id), textOf(field.title, 300)];
    }),
  );
  return listOf(response.answers).map((raw) => {
    const answer = objectOf(raw);
    const field = objectOf(answer.field);
    const type = textOf(field.type) ?? textOf(answer.type) ?? '';
    return {
      label: titles.get(idOf(field.id)) ?? textOf(field.ref) ?? type,
      value: answerValue(answer),
      role: ROLES.get(textOf(answer.type) ?? '') ?? ROLES.get(type) ?? null,
    };
  });
}

function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.event_type);
  if (type !== 'form_response' && type !== 'form_response_partial')
    return { ok: true, ignored: type ?? 'no event type' };
  const response = objectOf(payload.form_response);
  const id = idOf(response.token);
  if (id === null) return misfit('$.form_response.token', 'expected the token of the submission');
  const definition = objectOf(response.definition);
  const hidden = known(objectOf(response.hidden));
  const touchpoint = formTouchpoint(
    {
      id,
      formId: idOf(response.form_id),
      formName: textOf(definition.title),
      occurredAt: timeOf(response.submitted_at),
      answers: answersOf(response),
      isStart: type === 'form_response_partial',
      data: { hidden: hiddenTexts(hidden) },
    },
    settings,
  );
  return { ok: true, touchpoints: [touchpoint] };
}

/** Hidden fields come with the form's address, so that they are shown and prove nothing. */
function hiddenTexts(hidden: JsonObject): Json {
  const texts = Object.entries(hidden).flatMap(([name, value]): [string, string][] => {
    const label = textOf(name, 100);
    const text = typeof value === 'number' ? String(value) : textOf(value, 500);
    return label === null || text === null ? [] : [[label, text]];
  });
  return texts.length === 0 ? null : Object.fromEntries(texts.slice(0, 50));
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, city, number } = samplePerson(seed);
  const at = new Date(now).toISOString().replace(/\.\d+/, '');
  const fields = [
    { id: 'name', type: 'short_text', title: 'What is your full name?' },
    { id: 'mail', type: 'email', title: 'Where can we write to you?' },
    { id: 'town', type: 'multiple_choice', title: 'Which of our shops is nearest?' },
    { id: 'wish', type: 'long_text', title: 'What would you like to know?' },
  ];
  const body = JSON.stringify({
    event_id: `sample-${seed}`,
    event_type: 'form_response',
    form_response: {
      form_id: 'teapots',
      token: `sample-${seed}`,
      landed_at: at,
      submitted_at: at,
      definition: { id: 'teapots', title: 'Ask us about teapots', fields },
      answers: [
        { type: 'text', text: `${first} ${last}`, field: { id: 'name', type: 'short_text' } },
        { type: 'email', email, field: { id: 'mail', type: 'email' } },
        { type: 'choice', choice: { label: city }, field: { id: 'town', type: 'multiple_choice' } },
        { type: 'text', text: `Does lid ${number} fit my old pot?`, field: { id: 'wish', type: 'long_text' } },
      ],
    },
  });
  return {
    headers: { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) },
    body,
  };
}

const typeform: Provider = {
  kind: 'typeform',
  title: 'Typeform',
  summary: 'Answers to your typeforms.',
  group: 'form',
  door: 'webhook',
  secret: 'from_us',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default typeform;
