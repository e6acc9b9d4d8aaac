import type { Json } from '../../../schema/touchpoint.ts';
import { utf8 } from '../../platform/hmac.ts';
import { parseJson } from '../../platform/json.ts';
import { readMailForm } from '../mail/form.ts';
import type { MailMessage } from '../mail/message.ts';
import { readMime } from '../mail/mime.ts';
import { headersIn, mailToldOf, prepareTold } from '../mail/service.ts';
import { mailTimeOf } from '../mail-event.ts';
import type { Delivery, PrepareContext, Prepared } from '../provider.ts';
import { isObject, type JsonObject, listOf, objectOf, textOf } from '../read.ts';

/** https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook */

const jsonIn = (value: Json | undefined): JsonObject => {
  const json = typeof value === 'string' ? parseJson(utf8(value)) : null;
  return objectOf(json?.ok && isObject(json.value) ? json.value : undefined);
};

/**
 * True when SendGrid says that the domain of the sender itself signed the mail: `{@example.com : pass}`. A signature of that
 * very domain is what DMARC asks for. `SPF` is about the envelope, which need not be the sender's.
 */
function isSignedBySender(dkim: Json | undefined, { from }: MailMessage): boolean {
  const domain = from.address?.slice(from.address.lastIndexOf('@') + 1);
  const results =
    textOf(dkim, 2000)
      ?.replace(/^\{|\}$/g, '')
      .split(',') ?? [];
  return (
    domain !== undefined && results.some((result) => result.replace(/\s/g, '').toLowerCase() === `@${domain}:pass`)
  );
}

/** What came, read by SendGrid into fields. */
function mailOf(fields: JsonObject): MailMessage {
  const headers = headersIn(fields.headers);
  const envelope = jsonIn(fields.envelope);
  const sender = textOf(envelope.from);
  return mailToldOf({
    from: fields.from,
    to: [fields.to, fields.cc],
    recipient: listOf(envelope.to)[0],
    title: fields.subject,
    occurredAt: mailTimeOf(headers.find(([name]) => name.toLowerCase() === 'date')?.[1]),
    externalId: null,
    plain: fields.text,
    html: fields.html,
    headers: Object.hasOwn(envelope, 'from') ? [['return-path', sender ?? '<>'], ...headers] : headers,
  });
}

/** Reads a mail of Inbound Parse, raw or in fields. Only what is signed may vouch for its sender. */
export async function prepareParsed(delivery: Delivery, isSigned: boolean, context: PrepareContext): Promise<Prepared> {
  const form = await readMailForm(delivery);
  if (!form) return { delivery };
  const raw = form.parts.find(({ name, filename }) => name === 'email' && filename === null);
  const envelope = jsonIn(form.fields.envelope);
  const to = textOf(listOf(envelope.to)[0]);
  const read = raw
    ? await readMime(raw.bytes, { from: typeof envelope.from === 'string' ? envelope.from : null, to })
    : { message: mailOf(form.fields), files: form.files };
  const isAuthentic = isSigned && isSignedBySender(form.fields.dkim, read.message);
  return prepareTold(delivery, { message: read.message, files: read.files, isAuthentic }, context);
}
