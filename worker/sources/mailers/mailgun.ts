import { encodeBase64, utf8 } from '../../platform/hmac.ts';
import { mailIdOf } from '../mail-event.ts';
import type { ProviderMailer } from '../provider-mailer.ts';
import { objectOf, textOf } from '../read.ts';
import { mailboxText } from './addresses.ts';

const hostOf = ({ region }: Readonly<Record<string, string>>): string =>
  region === 'eu' ? 'api.eu.mailgun.net' : 'api.mailgun.net';

/** https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages: a form; headers begin with `h:`. */
export const mailgunMailer: ProviderMailer = {
  fields: [
    {
      name: 'sendingKey',
      label: 'Sending key',
      isSecret: true,
      pattern: /^[0-9a-zA-Z-]{20,200}$/,
      misfit: 'does not look like a key: letters, digits and dashes',
    },
    {
      name: 'domain',
      label: 'Sending domain',
      hint: 'Such as mg.shop.example.',
      isSecret: false,
      pattern: /^(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
      misfit: 'is not a domain such as mg.shop.example',
    },
    {
      name: 'region',
      label: 'Region',
      hint: 'Write eu for a domain in the European region. Empty means the United States.',
      isSecret: false,
      isOptional: true,
      pattern: /^(eu|us)$/,
      misfit: 'is eu, us or nothing',
    },
  ],
  setup: [
    {
      text: 'In Mailgun open Send, then Sending, then "Domain settings", choose your domain, then "Sending keys", and add one: it can send and nothing else.',
    },
  ],
  hosts: (credentials) => [hostOf(credentials)],
  request: (mail, credentials) => {
    const form = new URLSearchParams({
      from: mailboxText(mail.from),
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      // What people do with such a mail is theirs.
      'o:tracking': 'no',
    });
    if (mail.replyTo !== null) form.set('h:Reply-To', mail.replyTo);
    for (const [name, value] of Object.entries(mail.headers)) form.set(`h:${name}`, value);
    return {
      url: `https://${hostOf(credentials)}/v3/${encodeURIComponent(credentials.domain ?? '')}/messages`,
      headers: {
        authorization: `Basic ${encodeBase64(utf8(`api:${credentials.sendingKey ?? ''}`))}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
    };
  },
  // Its webhooks tell the Message-ID without the brackets it is answered with.
  mailIdIn: ({ body }) => mailIdOf(objectOf(body).id),
  faultIn: ({ body }) => textOf(objectOf(body).message, 300),
};
