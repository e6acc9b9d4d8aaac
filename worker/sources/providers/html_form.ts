import * as v from 'valibot';
import { Origins } from '../../../schema/origin.ts';
import type { Json, TouchpointInput } from '../../../schema/touchpoint.ts';
import { saying } from '../consents.ts';
import { originVerdict } from '../credentials.ts';
import { consentsIn } from '../html-form/consent.ts';
import { readForm } from '../html-form/fields.ts';
import { claimKey, email, identifiers, own, phone } from '../person.ts';
import type { Delivery, Provider, SetupStep, TranslateContext, Translation } from '../provider.ts';
import { isObject, known, knownTexts, misfit, parseWith, settingsParser, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';

const fieldName = v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))), null);

const Settings = v.strictObject({
  origins: Origins,
  /** Names of the fields, where they cannot be told by the usual words. */
  emailField: fieldName,
  nameField: fieldName,
  phoneField: fieldName,
  messageField: fieldName,
  /** A field people do not see; who fills it in is a program. */
  honeypot: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)), '_gotcha'),
  /** Country of telephone numbers written without their country code, ISO 3166 alpha-2. */
  country: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'use a country code like PL'))), null),
});

const setup: readonly SetupStep[] = [
  { text: "Open the page with your form in your site's editor and find the line that begins with <form." },
  { text: 'Set its action to this address and its method to "post".', copy: 'url' },
  { text: 'Or paste this ready-made form where it should appear.', copy: 'form' },
  {
    text: 'To bring people to a page of yours afterwards, add a hidden field named _next with the address of that page.',
  },
  {
    text: 'To keep out programs, add a text field named _gotcha that people do not see (style="display:none"), and list your site under "Allowed addresses".',
  },
  {
    text: 'To ask for consent, add a check box named consent_marketing (or consent_research), and a hidden field named consent_wording with the version of the text beside it, as on the page Consent. A tick counts once the address is known to be theirs.',
  },
  { text: 'Send the form once yourself: it appears here within a few seconds.' },
];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Everything a form says is a claim, whoever sent it. Without an `_id` from the page the body's hash and the ten
 * minutes it came in are the message id: the same words sent twice in a row are one submission, which is what a double click
 * is; the same words next month are another.
 */
function translate(
  payload: Json,
  { headers }: Delivery,
  { settings: raw, bodyHash, window }: TranslateContext,
): Translation {
  if (!isObject(payload)) return misfit('$', 'expected the fields of a form');
  const parsed = parseWith(Settings, raw);
  if (!parsed.ok) return parsed;
  const settings = parsed.value;
  if (isFilled(payload[settings.honeypot])) return { ok: true, ignored: 'honeypot' };
  const form = readForm(payload, settings);
  if (form.isEmpty) return { ok: true, ignored: 'empty_form' };
  const id = textOf(payload._id);
  const messageId = id !== null && UUID.test(id) ? id.toLowerCase() : `${bodyHash}:${window}`;
  const list = identifiers(
    email(form.email, 'claimed'),
    phone(form.phone, settings.country, 'claimed'),
    own('submission', messageId, 'claimed'),
  );
  const touchpoint: TouchpointInput = {
    messageId,
    kind: 'form_submitted',
    channel: 'web',
    direction: 'in',
    initiator: 'customer',
    occurredAt: null,
    text: form.message,
    person: {
      key: claimKey(list, `submission:${messageId}`),
      identifiers: list.filter(({ kind }) => kind !== 'submission'),
      profile: knownTexts({ name: form.name }),
    },
    ...saying(consentsIn(payload, pageOf(headers))),
    data: known({ fields: form.others, page: pageOf(headers) }),
  };
  return { ok: true, touchpoints: [touchpoint] };
}

const isFilled = (value: Json | undefined): boolean =>
  Array.isArray(value) ? value.some(isFilled) : value !== undefined && value !== null && value !== '';

/** The page the form stood on, without its query, which may hold anything. */
function pageOf(headers: Headers): string | null {
  const referer = headers.get('Referer') ?? '';
  if (!URL.canParse(referer)) return null;
  const { origin, pathname } = new URL(referer);
  return origin === 'null' ? null : textOf(origin + pathname, 500);
}

async function sample({ seed }: Parameters<Provider['sample']>[0]) {
  const { first, last, email: address, number } = samplePerson(seed);
  const fields = new URLSearchParams({
    name: `${first} ${last}`,
    email: address,
    message: `Do you also repair kettles? Mine is number ${number}.`,
  });
  return { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: fields.toString() };
}

const htmlForm: Provider = {
  kind: 'html_form',
  title: 'HTML form',
  summary: 'Any form on any page, without a script.',
  group: 'site',
  door: 'form',
  secret: 'none',
  setup,
  parseSettings: settingsParser(Settings),
  verify: async ({ headers }, { settings }) => {
    const parsed = parseWith(Settings, settings);
    return originVerdict(headers, parsed.ok ? parsed.value.origins : ['about:blank']);
  },
  translate,
  sample,
};

export default htmlForm;
