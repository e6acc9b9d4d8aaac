import type { ProviderMailer } from '../provider-mailer.ts';
import { idOf, objectOf, textOf } from '../read.ts';
import { mailboxText } from './addresses.ts';

const HOST = 'api.resend.com';

/** https://resend.com/docs/api-reference/emails/send-email. A repeated request with one key sends once within a day. */
export const resendMailer: ProviderMailer = {
  fields: [
    {
      name: 'apiKey',
      label: 'API key',
      isSecret: true,
      pattern: /^re_[A-Za-z0-9_]{10,200}$/,
      misfit: 'does not look like an API key: it begins with re_',
    },
  ],
  setup: [
    { text: 'In Resend open "API Keys", choose "Create API Key" with the permission "Sending access", and copy it.' },
    { text: 'The domain you send from must be verified under "Domains" there.' },
  ],
  hosts: () => [HOST],
  request: (mail, credentials) => ({
    url: `https://${HOST}/emails`,
    headers: { authorization: `Bearer ${credentials.apiKey ?? ''}`, 'idempotency-key': mail.key },
    body: JSON.stringify({
      from: mailboxText(mail.from),
      to: [mail.to],
      ...(mail.replyTo !== null && { reply_to: mail.replyTo }),
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: mail.headers,
    }),
  }),
  mailIdIn: ({ body }) => idOf(objectOf(body).id),
  faultIn: ({ body }) => textOf(objectOf(body).message, 300),
  // An attempt that is still under way elsewhere: not a refusal of the mail.
  isMendable: ({ status, body }) => status === 409 && textOf(objectOf(body).name) === 'concurrent_idempotent_requests',
};
