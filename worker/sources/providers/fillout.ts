import * as v from 'valibot';
import { moneyFromMinor } from '../../../schema/money.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { credentialHeaders, verifyCredentials } from '../credentials.ts';
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

const setup: readonly SetupStep[] = [
  { text: 'Open your form in Fillout, then Integrate above it, and choose Webhook.' },
  { text: 'Paste this address as the URL of the endpoint, with the method POST, and save.', copy: 'url' },
  {
    text: 'Fillout does not sign what it sends: this address is the only secret. Show it to nobody, and put it on no page.',
  },
  {
    text: 'For a second lock set a secret here of the form user:password, and give the webhook in Fillout a header named Authorization: the word Basic, a space, and user:password in base64.',
  },
  { text: 'Send the form once yourself: it appears here within a few seconds.' },
];

const ROLES: ReadonlyMap<string, AnswerRole> = new Map([
  ['EmailInput', 'email'],
  ['PhoneNumber', 'phone'],
  ['LongAnswer', 'message'],
]);

const nameOf = (entry: JsonObject): string => textOf(entry.name, 300) ?? textOf(entry.id) ?? 'question';

/**
 * Up to four addresses occur. In order: what was asked for, what the page that links to the form knew, whom the meeting is
 * for, and last who paid, which is often somebody else.
 */
function answersOf(submission: JsonObject): readonly FormAnswer[] {
  const part = (name: string) => listOf(submission[name]).map(objectOf);
  return [
    ...part('questions').map((question) => ({
      label: nameOf(question),
      value: question.value ?? null,
      role: ROLES.get(textOf(question.type) ?? '') ?? null,
    })),
    ...part('urlParameters').map((parameter) => ({ label: nameOf(parameter), value: parameter.value ?? null })),
    ...part('scheduling').flatMap((entry) => {
      const { fullName = null, email = null, eventStartTime = null } = objectOf(entry.value);
      return [
        { label: `${nameOf(entry)}: starts`, value: eventStartTime },
        { label: `${nameOf(entry)}: name`, value: fullName },
        { label: `${nameOf(entry)}: email`, value: email },
      ];
    }),
    ...part('payments').map((entry) => ({
      label: `${nameOf(entry)}: email`,
      value: objectOf(entry.value).email ?? null,
    })),
  ];
}

/** What was paid is shown and not counted: Stripe, which took the money, tells it as revenue. Minor units. */
function paymentOf(submission: JsonObject): Json {
  const [first] = listOf(submission.payments);
  const { totalAmount, currency, status } = objectOf(objectOf(first).value);
  const money = moneyFromMinor(totalAmount, currency);
  return money && { ...money, status: textOf(status) };
}

function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const submission = objectOf(payload.submission);
  const id = idOf(submission.submissionId);
  if (id === null) return misfit('$.submission.submissionId', 'expected the id of the submission');
  const touchpoint = formTouchpoint(
    {
      id,
      formId: idOf(payload.formId),
      formName: textOf(payload.formName),
      occurredAt: firstOf(timeOf(submission.submissionTime), timeOf(submission.lastUpdatedAt)),
      answers: answersOf(submission),
      data: { payment: paymentOf(submission) },
    },
    settings,
  );
  return { ok: true, touchpoints: [touchpoint] };
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    formId: 'workshop',
    formName: 'Join a workshop',
    submission: {
      submissionId: `sample-${seed}`,
      submissionTime: at,
      lastUpdatedAt: at,
      questions: [
        { id: 'q1', name: 'What is your full name?', type: 'ShortAnswer', value: `${first} ${last}` },
        { id: 'q2', name: 'Your e-mail', type: 'EmailInput', value: email },
        { id: 'q3', name: 'Anything we should know?', type: 'LongAnswer', value: `My voucher is ${number}.` },
      ],
    },
  });
  return { headers: { 'Content-Type': 'application/json', ...credentialHeaders(secret) }, body };
}

const fillout: Provider = {
  kind: 'fillout',
  title: 'Fillout',
  summary: 'Submissions of your Fillout forms.',
  group: 'form',
  door: 'webhook',
  secret: 'optional',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: verifyCredentials,
  translate,
  sample,
};

export default fillout;
