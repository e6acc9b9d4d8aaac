import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { utf8 } from '../../platform/hmac.ts';
import { parseJson } from '../../platform/json.ts';
import { credentialHeaders, verifyCredentials } from '../credentials.ts';
import { type FormAnswer, formSettings, formTouchpoint } from '../form-answers.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { idOf, isObject, type JsonObject, misfit, settingsParser, TEXT_LIMIT, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';

const setup: readonly SetupStep[] = [
  { text: 'Open your form in the Jotform builder, then Settings, then Integrations, and choose "Webhooks".' },
  { text: 'Paste this address as the webhook URL and choose "Complete Integration".', copy: 'url' },
  {
    text: 'Jotform does not sign what it sends: this address is the only secret. Show it to nobody, and put it on no page.',
  },
  {
    text: 'Leave the secret here empty: Jotform has no way to send one. It is there for a relay of your own that adds it.',
  },
  {
    text: 'Send the form once yourself: it appears here within a few seconds. Jotform tells no time, so that of arrival counts.',
  },
];

/** Questions come as `q<number>_<name>`, the name made of the label: `q3_fullName3` was "Full Name". */
const QUESTION = /^q\d{1,6}_(.{1,100})$/s;

const labelOf = (name: string): string =>
  name
    .replace(/(\D)\d{1,4}$/, '$1')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll('_', ' ');

/** Names, addresses, telephones and dates come in parts. A telephone number with `full` has it twice. */
function answerValue(value: Json): Json {
  if (!isObject(value)) return value;
  const full = textOf(value.full, TEXT_LIMIT);
  const parts = Object.values(value).flatMap((part) =>
    typeof part === 'number' ? String(part) : (textOf(part) ?? []),
  );
  return full ?? textOf(parts.join(' '), TEXT_LIMIT);
}

function answersOf(request: JsonObject): readonly FormAnswer[] {
  return Object.entries(request).flatMap(([key, value]): FormAnswer[] => {
    const name = QUESTION.exec(key)?.[1];
    if (name === undefined) return [];
    const isName = isObject(value) && Object.hasOwn(value, 'first') && Object.hasOwn(value, 'last');
    return [{ label: labelOf(name), value: answerValue(value), role: isName ? 'name' : null }];
  });
}

/** A form's fields, of which `rawRequest` holds the answers as JSON. */
function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected the fields of a form');
  const id = idOf(payload.submissionID);
  if (id === null) return misfit('$.submissionID', 'expected the id of the submission');
  const raw = typeof payload.rawRequest === 'string' ? parseJson(utf8(payload.rawRequest)) : null;
  if (!raw?.ok || !isObject(raw.value)) return misfit('$.rawRequest', 'expected the answers as a JSON object');
  const touchpoint = formTouchpoint(
    {
      id,
      formId: idOf(payload.formID),
      formName: textOf(payload.formTitle),
      occurredAt: null,
      answers: answersOf(raw.value),
    },
    settings,
  );
  return { ok: true, touchpoints: [touchpoint] };
}

async function sample({ secret, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const fields = new URLSearchParams({
    formID: '230000000000001',
    submissionID: `sample-${seed}`,
    formTitle: 'Book a repair',
    rawRequest: JSON.stringify({
      slug: 'submit/230000000000001',
      q3_name: { first, last },
      q4_email: email,
      q5_message: `Spout of teapot ${number} is chipped.`,
    }),
  });
  return {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...credentialHeaders(secret) },
    body: fields.toString(),
  };
}

const jotform: Provider = {
  kind: 'jotform',
  title: 'Jotform',
  summary: 'Submissions of your Jotform forms.',
  group: 'form',
  door: 'webhook',
  secret: 'optional',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: verifyCredentials,
  translate,
  sample,
};

export default jotform;
