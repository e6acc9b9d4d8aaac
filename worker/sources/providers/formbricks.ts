import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { type FormAnswer, formSettings, formTouchpoint } from '../form-answers.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { firstOf, idOf, isObject, type JsonObject, misfit, objectOf, settingsParser, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { symmetricScheme } from '../standard-webhooks/scheme.ts';
import { signatureVerifier, signedHeaders } from '../verify.ts';

/** https://formbricks.com/docs: Standard Webhooks. Webhooks made before there were secrets are unsigned and have to be made anew. */
const scheme = symmetricScheme();

const setup: readonly SetupStep[] = [
  { text: 'In Formbricks open your workspace, then Integrations, then Webhooks, and choose "Add Webhook".' },
  { text: 'Paste this address into "URL" and give it a name.', copy: 'url' },
  {
    text: 'Tick "Response Created" and "Response Finished", choose all surveys or those you want, and save. "Response Updated" is not needed.',
  },
  {
    text: 'Open the new webhook, copy its signing secret (whsec_…) and paste it here as the secret.',
    copy: 'secret',
  },
  { text: 'Answer one of the surveys yourself: it appears here within a few seconds.' },
];

/** Answers stand under the ids of their questions, which are all the body tells of them. Addresses and contacts come in parts. */
function answersOf(data: JsonObject): readonly FormAnswer[] {
  const attributes = objectOf(data.contactAttributes);
  return [
    ...Object.entries(objectOf(data.data)).map(([label, value]) => ({
      label,
      value: isObject(value) ? Object.values(value) : value,
    })),
    // Attributes of the contact: what the page said of its visitor, so that they are no better than what is typed.
    ...Object.entries(attributes).map(([label, value]) => ({ label, value })),
  ];
}

function translate(payload: Json, _delivery: Delivery, { settings }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const event = textOf(payload.event);
  // Each further answer is an update; the submission tells them all.
  if (event !== 'responseCreated' && event !== 'responseFinished') return { ok: true, ignored: event ?? 'no event' };
  const data = objectOf(payload.data);
  const id = idOf(data.id);
  if (id === null) return misfit('$.data.id', 'expected the id of the response');
  const isStart = event === 'responseCreated';
  const survey = objectOf(data.survey);
  const meta = objectOf(data.meta);
  const language = textOf(data.language, 35);
  const touchpoint = formTouchpoint(
    {
      id,
      formId: idOf(data.surveyId),
      formName: firstOf(textOf(survey.title), textOf(survey.name)),
      occurredAt: isStart ? timeOf(data.createdAt) : firstOf(timeOf(data.updatedAt), timeOf(data.createdAt)),
      answers: answersOf(data),
      isStart,
      language: language === 'default' ? null : language,
      country: textOf(meta.country, 2)?.toUpperCase() ?? null,
      data: { contactId: idOf(objectOf(data.contact).id), userId: idOf(objectOf(data.contact).userId) },
    },
    settings,
  );
  return { ok: true, touchpoints: [touchpoint] };
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, country, number } = samplePerson(seed);
  const at = new Date(now).toISOString();
  const body = JSON.stringify({
    event: 'responseFinished',
    webhookId: 'sample-webhook',
    data: {
      id: `sample-${seed}`,
      surveyId: 'after-delivery',
      finished: true,
      createdAt: at,
      updatedAt: at,
      language: 'en',
      meta: { country },
      survey: { title: 'How did your parcel arrive?', type: 'link', status: 'inProgress' },
      contactAttributes: { email, name: `${first} ${last}` },
      data: { arrived: 'In one piece', comment: `Parcel ${number} was well packed.` },
    },
  });
  const signature = await signedHeaders(scheme, { secret, body, now, id: `msg_sample_${seed}` });
  return { headers: { 'Content-Type': 'application/json', ...signature }, body };
}

const formbricks: Provider = {
  kind: 'formbricks',
  title: 'Formbricks',
  summary: 'Answers to Formbricks surveys.',
  group: 'form',
  door: 'webhook',
  secret: 'from_sender',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: signatureVerifier(scheme),
  translate,
  sample,
};

export default formbricks;
