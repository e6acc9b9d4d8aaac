import type { VNode } from 'preact';
import { DIGEST, memberOfDigest } from '../../digests/put.ts';
import { readDigest, writeDigest } from '../../digests/write.ts';
import { readBusiness } from '../../outbox/business.ts';
import { latestMails } from '../../outbox/mails.ts';
import { readMail, recipientsOf, writeMail } from '../../outbox/send.ts';
import { isTemplate, TEMPLATES } from '../../outbox/templates.ts';
import { wayOut } from '../../outbox/way.ts';
import type { Runtime } from '../../platform/env.ts';
import type { OutgoingMail } from '../../sources/provider-mailer.ts';
import { digestAddress } from '../../staff/members.ts';

/** What was "sent" on this machine, so that its links can be followed. The words are written anew: no mail is kept. */

const SHOWN = 20;

async function writtenMails(runtime: Runtime): Promise<OutgoingMail[]> {
  const [business, lines] = await Promise.all([readBusiness(runtime), latestMails(runtime.db, SHOWN)]);
  const way = await wayOut(runtime, business);
  if (!way) return [];
  const mails = lines
    .filter(({ state }) => state === 'sent')
    .map(async ({ id }) => {
      const mail = await readMail(runtime, id);
      if (mail?.template === DIGEST) {
        const to = (await digestAddress(runtime.db, memberOfDigest(id))) ?? '';
        return [writeDigest(await readDigest(runtime.db, id, mail.origin), { to, business, way })];
      }
      if (!mail || !isTemplate(mail.template)) return [];
      const people = TEMPLATES[mail.template].isToPerson ? await recipientsOf(runtime, mail) : [];
      return [await writeMail(runtime, { mail, people, business, way })];
    });
  return (await Promise.all(mails)).flat();
}

/** The text of a mail with its addresses as links. */
const linked = (text: string) =>
  text.split(/(https?:\/\/[^\s]+)/).map((piece, index) =>
    index % 2 === 1 ? (
      <a key={piece} href={piece}>
        {piece}
      </a>
    ) : (
      piece
    ),
  );

function Mail({ mail }: { readonly mail: OutgoingMail }) {
  return (
    <article class="notice">
      <h2>{mail.subject}</h2>
      <p>
        From {mail.from.name} {mail.from.address} to {mail.to === '' ? 'an address that was forgotten' : mail.to}
        {mail.replyTo && `, answers to ${mail.replyTo}`}
      </p>
      {Object.entries(mail.headers).map(([name, value]) => (
        <p key={name}>
          {name}: {value}
        </p>
      ))}
      <pre>{linked(mail.text)}</pre>
    </article>
  );
}

/** `GET /demo/mail`. */
export async function mailboxPage(runtime: Runtime): Promise<VNode> {
  const mails = await writtenMails(runtime);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Mails of this machine</title>
        <link rel="stylesheet" href="/demo/shop.css" />
      </head>
      <body>
        <main class="wrap mails">
          <h1>Mails of this machine</h1>
          <p>
            Nothing leaves it: what would be sent stands here, newest first. <a href="/p">Ask for a link</a> with the
            address of a demo customer, or open a <a href="/customers">record</a> and send one.
          </p>
          {mails.length === 0 && <p>No mail yet.</p>}
          {mails.map((mail) => (
            <Mail key={mail.key} mail={mail} />
          ))}
        </main>
      </body>
    </html>
  );
}
