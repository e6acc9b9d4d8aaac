import type { ProviderMailer } from '../provider-mailer.ts';
import { listOf, objectOf, textOf } from '../read.ts';

const hostOf = ({ region }: Readonly<Record<string, string>>): string =>
  region === 'eu' ? 'api.eu.sendgrid.com' : 'api.sendgrid.com';

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send */
export const sendgridMailer: ProviderMailer = {
  fields: [
    {
      name: 'apiKey',
      label: 'API key',
      isSecret: true,
      pattern: /^SG\.[\w-]{10,100}\.[\w-]{10,200}$/,
      misfit: 'does not look like an API key: it begins with SG.',
    },
    {
      name: 'region',
      label: 'Region',
      hint: 'Write eu for a subuser in the European region. Empty means everywhere else.',
      isSecret: false,
      isOptional: true,
      pattern: /^(eu|global)$/,
      misfit: 'is eu, global or nothing',
    },
  ],
  setup: [
    {
      text: 'In SendGrid open Settings, then "API Keys", choose "Create API Key" with "Restricted Access", allow "Mail Send" and nothing else, and copy it.',
    },
    { text: 'The address you send from must be a verified sender or belong to an authenticated domain there.' },
  ],
  hosts: (credentials) => [hostOf(credentials)],
  request: (mail, credentials) => ({
    url: `https://${hostOf(credentials)}/v3/mail/send`,
    headers: { authorization: `Bearer ${credentials.apiKey ?? ''}` },
    body: JSON.stringify({
      personalizations: [{ to: [{ email: mail.to }] }],
      from: { email: mail.from.address, ...(mail.from.name !== null && { name: mail.from.name }) },
      ...(mail.replyTo !== null && { reply_to: { email: mail.replyTo } }),
      subject: mail.subject,
      content: [
        { type: 'text/plain', value: mail.text },
        { type: 'text/html', value: mail.html },
      ],
      headers: mail.headers,
      // What people do with such a mail is theirs.
      tracking_settings: { click_tracking: { enable: false, enable_text: false }, open_tracking: { enable: false } },
    }),
  }),
  mailIdIn: ({ headers }) => textOf(headers.get('x-message-id'), 200),
  faultIn: ({ body }) =>
    listOf(objectOf(body).errors, 3)
      .flatMap((error) => textOf(objectOf(error).message, 200) ?? [])
      .join(' ') || null,
};
