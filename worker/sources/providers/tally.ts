import * as v from 'valibot';
import { moneyFromMajor } from '../../../schema/money.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { type AnswerRole, type FormAnswer, formSettings, formTouchpoint } from '../form-answers.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import {
  firstOf,
  idOf,
  isObject,
  type JsonObject,
  listOf,
  misfit,
  objectOf,
  settingsParser,
  textOf,
  timeOf,
} from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/** https://tally.so/help/webhooks: base64 HMAC-SHA256 of the body as sent; no time is signed. */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'Tally-Signature',
  layout: { as: 'plain' },
  encoding: 'base64',
  signed: '{body}',
};

const setup: readonly SetupStep[] = [
  { text: 'Publish your form in Tally, open Integrations above it and choose Connect beside Webhooks.' },
  { text: 'Paste this address into "Endpoint URL".', copy: 'url' },
  {
    text: 'Turn on "Signing secret", paste this secret into its field and choose Connect. Deliveries without it are refused.',
    copy: 'secret',
  },
  { text: 'Send the form once yourself: it appears here within a few seconds.' },
];

const ROLES: ReadonlyMap<string, AnswerRole> = new Map([
  ['INPUT_EMAIL', 'email'],
  ['INPUT_PHONE_NUMBER', 'phone'],
  ['TEXTAREA', 'message'],
]);

/** A field without options has its value as it is; one with options holds their ids, a matrix those of rows and columns. */
function answerValue(field: JsonObject): Json {
  const { value = null } = field;
  if (isObject(value)) return matrixText(field, value);
  if (!Array.isArray(value)) return value;
  const names = namesOf(field.options);
  return listOf(value).map((entry) => {
    const id = textOf(entry);
    return (id === null ? textOf(objectOf(entry).name) : names.get(id)) ?? entry;
  });
}

const namesOf = (list: Json | undefined): ReadonlyMap<string, string> =>
  new Map(
    listOf(list).flatMap((raw): [string, string][] => {
      const { id, text } = objectOf(raw);
      const [key, name] = [textOf(id), textOf(text, 500)];
      return key === null || name === null ? [] : [[key, name]];
    }),
  );

function matrixText(field: JsonObject, value: JsonObject): Json {
  const [rows, columns] = [namesOf(field.rows), namesOf(field.columns)];
  return Object.entries(value)
    .slice(0, 50)
    .map(([row, chosen]) => {
      const names = listOf(chosen).map((id) => columns.get(textOf(id) ?? '') ?? '');
      return `${rows.get(row) ?? row}: ${names.join(', ')}`;
    });
}

/** A block of check boxes comes once with its choices and once more for each box, as `<key>_<option id>`. */
function answersOf(fields: readonly JsonObject[]): readonly FormAnswer[] {
  const keys = new Set(fields.filter(({ options }) => Array.isArray(options)).map(({ key }) => textOf(key)));
  const isBox = ({ key, value }: JsonObject) => {
    const name = textOf(key) ?? '';
    return typeof value === 'boolean' && keys.has(name.slice(0, name.lastIndexOf('_')));
  };
  return fields
    .filter((field) => !isBox(field) && field.type !== 'PAYMENT')
    .map((field) => ({
      label: textOf(field.label, 300) ?? textOf(field.key) ?? 'question',
      value: answerValue(field),
      role: ROLES.get(textOf(field.type) ?? '') ?? null,
    }));
}

/** The parts of a payment block are fields of their own, told apart by the end of their keys. The price is in major units. */
function paymentPart(fields: readonly JsonObject[], part: string): Json | undefined {
  return fields.find(({ type, key }) => type === 'PAYMENT' && (textOf(key) ?? '').endsWith(`_${part}`))?.value;
}

function paymentAnswers(fields: readonly JsonObject[]): readonly FormAnswer[] {
  return [
    { label: 'Payment (name)', value: paymentPart(fields, 'name') ?? null, role: 'name' as const },
    { label: 'Payment (email)', value: paymentPart(fields, 'email') ?? null, role: 'email' as const },
  ].filter(({ value }) => textOf(value) !== null);
}

function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.eventType);
  if (type !== 'FORM_RESPONSE') return { ok: true, ignored: type ?? 'no event type' };
  const data = objectOf(payload.data);
  const id = firstOf(idOf(data.submissionId), idOf(data.responseId));
  if (id === null) return misfit('$.data.submissionId', 'expected the id of the submission');
  const fields = listOf(data.fields).map(objectOf);
  const touchpoint = formTouchpoint(
    {
      id,
      formId: idOf(data.formId),
      formName: textOf(data.formName),
      occurredAt: firstOf(timeOf(data.createdAt), timeOf(payload.createdAt)),
      answers: [...answersOf(fields), ...paymentAnswers(fields)],
      value: moneyFromMajor(paymentPart(fields, 'price'), paymentPart(fields, 'currency')),
      data: { respondentId: idOf(data.respondentId) },
    },
    settings,
  );
  return { ok: true, touchpoints: [touchpoint] };
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    eventId: `sample-${seed}`,
    eventType: 'FORM_RESPONSE',
    createdAt: at,
    data: {
      responseId: `sample-${seed}`,
      submissionId: `sample-${seed}`,
      respondentId: `r${number}`,
      formId: 'repairs',
      formName: 'Ask for a repair',
      createdAt: at,
      fields: [
        { key: 'question_1', label: 'Your name', type: 'INPUT_TEXT', value: `${first} ${last}` },
        { key: 'question_2', label: 'E-mail', type: 'INPUT_EMAIL', value: email },
        {
          key: 'question_3',
          label: 'What is broken?',
          type: 'MULTIPLE_CHOICE',
          value: ['b'],
          options: [
            { id: 'a', text: 'Handle' },
            { id: 'b', text: 'Spout' },
          ],
        },
        { key: 'question_4', label: 'Tell us more', type: 'TEXTAREA', value: `Bought with order ${number}.` },
      ],
    },
  });
  return {
    headers: { 'Content-Type': 'application/json', ...(await signedHeaders(scheme, { secret, body, now })) },
    body,
  };
}

const tally: Provider = {
  kind: 'tally',
  title: 'Tally',
  summary: 'Submissions of your Tally forms.',
  group: 'form',
  door: 'webhook',
  secret: 'from_us',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default tally;
