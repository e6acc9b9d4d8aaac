import * as v from 'valibot';
import { normaliseEmail } from '../../../schema/identifiers.ts';
import type { Json } from '../../../schema/touchpoint.ts';
import { credentialHeaders, verifyCredentials } from '../credentials.ts';
import { readMime } from '../mail/mime.ts';
import { mailTouchpoints } from '../mail/touchpoints.ts';
import { isMailBody, mailIn, prepareMail, standingOf, withBody } from '../mail/wire.ts';
import type {
  Delivery,
  PrepareContext,
  Prepared,
  Provider,
  SampleContext,
  SetupStep,
  TranslateContext,
  Translation,
} from '../provider.ts';
import { misfit, settingsParser, textOf } from '../read.ts';
import { samplePerson } from '../sample-person.ts';

const Settings = v.strictObject({
  /** A mailbox of the business whose mail is sent here, such as support@shop.example; its own mails, copied here, go out. */
  address: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.trim(),
        v.check((text) => normaliseEmail(text) !== null, 'use a mail address such as support@shop.example'),
        v.transform((text) => normaliseEmail(text)),
      ),
    ),
    null,
  ),
});

const setup: readonly SetupStep[] = [
  {
    text: 'Your domain must be on Cloudflare. In the Cloudflare dashboard open the domain, then Email, then Email Routing, and choose "Get started" or "Enable" if it is off: Cloudflare adds the DNS records.',
  },
  {
    text: 'Open "Routing rules" and choose "Create address". As "Custom address" paste this key: nobody can guess it.',
    copy: 'key',
  },
  { text: 'As "Action" choose "Send to a Worker", as "Destination" the worker "rapport", and save.' },
  {
    text: 'Have your mailbox forward a copy of each mail to that address, KEY@your-domain. Or receive its mail here directly: create another custom address such as "support", with the same action, and set the whole address here as "address".',
  },
  {
    text: 'A sender is verified when Email Routing says that DMARC passed. Mail that comes here directly mostly does; a forwarded one only if the signature of its writer outlives the forwarding, otherwise who wrote stays a claim.',
  },
  {
    text: 'To see how fast you answer, send a blind copy (Bcc) of your own mails to the key’s address and set the address you write from as "address".',
  },
  {
    text: 'Mail from elsewhere, without Cloudflare: any server may post a mail as it is, with "Content-Type: message/rfc822", to this address. Set a secret of the form user:password here to demand it of such servers.',
    copy: 'url',
  },
  {
    text: 'Files of mails are named. To keep them too, bind an R2 bucket as FILES (see wrangler.toml).',
  },
  { text: 'Write a mail to the address: it appears here within a few seconds.' },
];

const isRaw = ({ headers }: Delivery): boolean => /^message\/rfc822\b/i.test(headers.get('content-type') ?? '');

/** The envelope stands in the address of what Email Routing handed over. A request has none, and nobody vouches for it. */
function envelopeOf({ url, body }: Delivery) {
  if (url.protocol !== 'mailto:') return { from: null, to: null, size: body.length, isTrusted: false };
  const size = Number(url.searchParams.get('size') ?? body.length);
  const to = decodeURIComponent(url.pathname);
  return { from: url.searchParams.get('from') ?? '', to, size, isTrusted: true };
}

async function prepare(delivery: Delivery, context: PrepareContext): Promise<Prepared> {
  if (!isRaw(delivery)) return { delivery: withBody(delivery, 'text/plain', 'null') };
  const { from, to, size, isTrusted } = envelopeOf(delivery);
  const read = await readMime(delivery.body, { from, to }, { size, isTrusted });
  return {
    delivery: await prepareMail(delivery, read, context),
    ...(await standingOf(read.message, read.isAuthentic, context)),
  };
}

function translate(payload: Json, { headers }: Delivery, context: TranslateContext): Translation {
  const mail = isMailBody(headers) ? mailIn(payload) : null;
  if (mail === null) return misfit('$', 'expected a mail, sent with Content-Type: message/rfc822');
  const { bodyHash, assurance, fragmentId = null, settings } = context;
  const ownAddress = textOf(settings.address);
  return { ok: true, ...mailTouchpoints(mail, { fallbackId: bodyHash, assurance, fragmentId, ownAddress }) };
}

async function sample({ secret, now, seed }: SampleContext) {
  const { first, last, email, number } = samplePerson(seed);
  const body = [
    `From: ${first} ${last} <${email}>`,
    'To: Your shop <shop@example.org>',
    `Subject: Order ${number}`,
    `Message-ID: <sample-${seed}@example.com>`,
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Hello, does the lid of order ${number} come in blue?`,
    '',
    `-- `,
    `${first} ${last}`,
    '',
  ].join('\r\n');
  return { headers: { 'Content-Type': 'message/rfc822', ...credentialHeaders(secret) }, body };
}

const mailbox: Provider = {
  kind: 'mailbox',
  title: 'Mailbox',
  summary: 'Mails people write to you, by Cloudflare Email Routing, as conversations.',
  group: 'email',
  door: 'mail',
  maxBody: 25 * 1024 * 1024,
  secret: 'optional',
  setup,
  parseSettings: settingsParser(Settings),
  // Who knows the address may write to it; what a mail proves is read from the mail. A secret locks the door for requests.
  verify: async (delivery, context) =>
    envelopeOf(delivery).isTrusted ? { ok: true } : verifyCredentials(delivery, context),
  prepare,
  translate,
  sample,
};

export default mailbox;
