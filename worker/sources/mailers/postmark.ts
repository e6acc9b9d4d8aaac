import type { MailAnswer, ProviderMailer } from '../provider-mailer.ts';
import { idOf, numberOf, objectOf, textOf } from '../read.ts';
import { mailboxText } from './addresses.ts';

const HOST = 'api.postmarkapp.com';

/** Codes about the account, not the mail: no token, no sender signature, not approved yet, out of credits. */
const MENDABLE = [10, 400, 401, 405, 412, 413, 1101, 1226, 1235];
const codeOf = ({ body }: MailAnswer): number | null => numberOf(objectOf(body).ErrorCode);

/** https://postmarkapp.com/developer/api/email-api */
export const postmarkMailer: ProviderMailer = {
  fields: [
    {
      name: 'serverToken',
      label: 'Server API token',
      isSecret: true,
      pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
      misfit: 'does not look like a server token: it is five groups of letters and digits with dashes between them',
    },
    {
      name: 'stream',
      label: 'Message stream',
      hint: 'The ID of the stream to send with. Empty means "outbound".',
      isSecret: false,
      isOptional: true,
      pattern: /^[a-z0-9-]{1,60}$/,
      misfit: 'is not the ID of a stream: small letters, digits and dashes',
    },
  ],
  setup: [
    { text: 'In Postmark open your server, then the tab "API Tokens", and copy the server API token.' },
    { text: 'The address you send from must be a confirmed sender signature or belong to a verified domain there.' },
  ],
  hosts: () => [HOST],
  request: (mail, credentials) => ({
    url: `https://${HOST}/email`,
    headers: { 'X-Postmark-Server-Token': credentials.serverToken ?? '' },
    body: JSON.stringify({
      From: mailboxText(mail.from),
      To: mail.to,
      ...(mail.replyTo !== null && { ReplyTo: mail.replyTo }),
      Subject: mail.subject,
      TextBody: mail.text,
      HtmlBody: mail.html,
      Headers: Object.entries(mail.headers).map(([Name, Value]) => ({ Name, Value })),
      MessageStream: credentials.stream || 'outbound',
      // What people do with such a mail is theirs.
      TrackOpens: false,
      TrackLinks: 'None',
    }),
  }),
  mailIdIn: ({ body }) => idOf(objectOf(body).MessageID),
  faultIn: ({ body }) => textOf(objectOf(body).Message, 300),
  isMendable: (answer) => MENDABLE.includes(codeOf(answer) ?? 0),
};
