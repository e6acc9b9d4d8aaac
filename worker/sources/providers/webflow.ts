import * as v from 'valibot';
import type { Json } from '../../../schema/touchpoint.ts';
import { formSettings, formTouchpoint } from '../form-answers.ts';
import type { Delivery, Provider, SampleContext, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { firstOf, idOf, isObject, misfit, objectOf, settingsParser, textOf, timeOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';
import { type SignatureScheme, signatureVerifier, signedHeaders } from '../verify.ts';

/**
 * https://developers.webflow.com/data/docs/working-with-webhooks: hex HMAC-SHA256 of the time in milliseconds, a colon and the
 * body. Only webhooks made through the API are signed; those made in the dashboard are not.
 */
const scheme: SignatureScheme = {
  algorithm: 'SHA-256',
  header: 'x-webflow-signature',
  layout: { as: 'plain' },
  encoding: 'hex',
  signed: '{timestamp}:{body}',
  timestamp: { header: 'x-webflow-timestamp', unit: 'milliseconds', toleranceSeconds: 300 },
};

const verifySignature = signatureVerifier(scheme);

const setup: readonly SetupStep[] = [
  { text: 'In Webflow open Site settings, then Apps & Integrations, and go to Webhooks.' },
  { text: 'Choose "Add webhook", take the trigger "Form submission" and the newest API version.' },
  { text: 'Paste this address into "Webhook URL" and choose "Add webhook".', copy: 'url' },
  {
    text: 'Webflow does not sign what a webhook made here sends: this address is the only secret. Show it to nobody, and put it on no page.',
  },
  {
    text: 'If you make the webhook through the API instead, its answer has a secretKey. Set that as the secret here, and deliveries without its signature are refused.',
  },
  { text: 'Publish the site and send the form once yourself: it appears here within a few seconds.' },
];

/** Names are what the designer typed; the value of a field of ticks is true or false, and a number loses its plus. */
function translate(payload: Json, _delivery: Delivery, { settings, bodyHash }: TranslateContext): Translation {
  if (!isObject(payload)) return misfit('$', 'expected an object');
  const type = textOf(payload.triggerType);
  if (type !== 'form_submission') return { ok: true, ignored: type ?? 'no trigger type' };
  const form = objectOf(payload.payload);
  if (!isObject(form.data)) return misfit('$.payload.data', 'expected the fields of the form');
  const touchpoint = formTouchpoint(
    {
      id: firstOf(idOf(form.id), idOf(form._id)) ?? bodyHash,
      formId: idOf(form.formId),
      formName: textOf(form.name),
      occurredAt: firstOf(timeOf(form.submittedAt), timeOf(form.d)),
      answers: Object.entries(form.data).map(([label, value]) => ({ label, value })),
      data: { siteId: firstOf(idOf(form.siteId), idOf(form.site)) },
    },
    settings,
  );
  return { ok: true, touchpoints: [touchpoint] };
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const body = JSON.stringify({
    triggerType: 'form_submission',
    payload: {
      id: `sample-${seed}`,
      name: 'Contact',
      siteId: 'sample-site',
      formId: 'contact',
      submittedAt: new Date(now).toISOString(),
      data: {
        'First Name': first,
        'Last Name': last,
        Email: email,
        Message: `Can I pick up order ${number} on Saturday?`,
      },
    },
  });
  const signature = secret === '' ? {} : await signedHeaders(scheme, { secret, body, now });
  return { headers: { 'Content-Type': 'application/json', ...signature }, body };
}

const webflow: Provider = {
  kind: 'webflow',
  title: 'Webflow',
  summary: 'Forms of a Webflow site.',
  group: 'form',
  door: 'webhook',
  secret: 'optional',
  setup,
  parseSettings: settingsParser(v.strictObject(formSettings)),
  verify: async (delivery, context) =>
    context.secrets.some((secret) => secret.trim() !== '') ? verifySignature(delivery, context) : { ok: true },
  translate,
  sample,
};

export default webflow;
