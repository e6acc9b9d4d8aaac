import { randomUUID } from 'node:crypto';
import { signShopify, signStandardWebhooks } from '../support/sign.ts';
import { callApi } from '../support/worker.ts';
import { addSource, type NewSource, type Stage } from './stage.ts';
import { bundled, HEADER_XSS, XSS } from './xss-corpus.ts';

/** Puts every text of the corpus into every field that somebody outside can fill, each with a tag that tells the field. */

/** Where a planted text can be met again on a page. */
export const TAGS = [
  'order-name',
  'line-title',
  'customer-name',
  'refund-note',
  'form-name',
  'form-message',
  'form-field',
  'form-other',
  'wording',
  'comment',
  'page-title',
  'identify-name',
  'trait-name',
  'trait',
  'own-field',
  'event-title',
  'topic',
  'origin',
  'source-name',
  'label',
  'logged',
  'mail-name',
  'mail-title',
  'mail-words',
  'mail-quoted',
  'mail-file',
  'mail-html',
  'file-name',
  'column-name',
  'refused-cell',
  'company-name',
] as const;
type Tag = (typeof TAGS)[number];
const tagged = (text: string, tag: Tag): string => `(${tag}) ${text}`;

const SECRET = 'a-secret-of-the-shop';
const EVENT_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

type Doors = Readonly<Record<'shop' | 'form' | 'site' | 'listed' | 'server' | 'mail', NewSource>>;

async function openDoors(stage: Stage): Promise<Doors> {
  const make = (kind: string, rest: object = {}) => addSource(stage, { kind, name: `A ${kind}`, ...rest });
  return {
    shop: await make('shopify', { secret: SECRET }),
    form: await make('html_form'),
    site: await make('site'),
    listed: await make('site', { settings: { origins: ['https://shop.example'] } }),
    server: await make('standard_webhooks', { secret: EVENT_SECRET }),
    mail: await make('mailbox'),
  };
}

type Sending = { readonly path: string; readonly body: string; readonly headers?: Record<string, string> };

async function send(stage: Stage, { path, body, headers = {} }: Sending, isWanted: boolean): Promise<void> {
  const response = await stage.worker.dispatchFetch(`${stage.host}${path}`, { method: 'POST', body, headers });
  const text = await response.text();
  if (isWanted !== response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)} for ${body}`);
}

const shopify = (doors: Doors, topic: string, id: string, payload: object): Sending => {
  const { headers, body } = signShopify(JSON.stringify(payload), { secret: SECRET, now: Date.now() });
  const more = { 'x-shopify-topic': topic, 'x-shopify-event-id': `${topic} ${id}`, 'content-type': 'application/json' };
  return { path: `/in/${doors.shop.key}`, body, headers: { ...headers, ...more } };
};

const AT = '2026-03-01T10:00:00Z';

/** One text, as a buyer, a form's sender, a visitor and a sender of events would write it. */
function facts(doors: Doors, text: string, index: number): Sending[] {
  const buyer = { id: 1, email: 'buyer@planted.example', first_name: 'Ada' };
  const named = tagged(text, 'customer-name');
  const line = { title: tagged(text, 'line-title'), sku: text, quantity: 1, price: '2.00' };
  const order = {
    id: 100 + index,
    name: tagged(text, 'order-name'),
    note: text,
    currency: 'EUR',
    total_price: '2.00',
    financial_status: 'paid',
  };
  const address = { first_name: text, city: text, company: tagged(text, 'company-name'), country_code: text };
  const event = {
    type: 'review.created',
    timestamp: AT,
    data: { id: text, title: tagged(text, 'event-title'), user: { name: text } },
  };
  return [
    shopify(doors, 'orders/create', `${index}`, {
      ...order,
      created_at: AT,
      customer: buyer,
      company: { id: 40 + index },
      line_items: [line],
      billing_address: address,
    }),
    shopify(doors, 'customers/create', `${index}`, {
      id: 500 + index,
      created_at: AT,
      first_name: named,
      locale: text,
      state: text,
    }),
    shopify(doors, 'refunds/create', `${index}`, {
      id: 900 + index,
      order_id: 100 + index,
      note: tagged(text, 'refund-note'),
      created_at: AT,
    }),
    {
      path: `/f/${doors.form.key}`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'user-agent': `${index}`,
      },
      body: new URLSearchParams({
        name: tagged(text, 'form-name'),
        email: `${text}@planted.example`,
        message: tagged(text, 'form-message'),
        [tagged(text, 'form-field').slice(0, 100)]: tagged(text, 'form-other'),
        consent_marketing: text,
        consent_wording: tagged(text, 'wording'),
        _next: text,
      }).toString(),
    },
    { path: `/w/${doors.site.key}/in`, body: JSON.stringify(siteMessage(text)), headers: { 'user-agent': 'planted' } },
    ...mails(doors, text, index),
    serverEvent(doors, index, event),
  ];
}

const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** Two mails of one conversation: one with a file whose name is the text and a quotation, one that is the text as HTML. */
function mails(doors: Doors, text: string, index: number): Sending[] {
  const head = (id: string) =>
    `From: ${word(tagged(text, 'mail-name').slice(0, 150))} <writer@planted.example>\r\nTo: shop@example.org\r\n` +
    `Subject: ${word(tagged(text, 'mail-title'))}\r\nMessage-ID: <${id}${index}@planted.example>\r\n` +
    `In-Reply-To: <a0@planted.example>\r\nMIME-Version: 1.0\r\n`;
  const line = text.replaceAll(/\s+/g, ' ');
  const first =
    `${head('a')}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n` +
    `${tagged(line, 'mail-words')}\r\n\r\n> ${tagged(line, 'mail-quoted')}\r\n--b\r\nContent-Type: text/html\r\n` +
    `Content-Disposition: attachment; filename="${word(tagged(line, 'mail-file').slice(0, 150))}"\r\n\r\n${line}\r\n--b--\r\n`;
  const second = `${head('h')}Content-Type: text/html; charset=utf-8\r\n\r\n<p>(mail-html)</p>${line}<p>${line}</p>\r\n`;
  const headers = { 'content-type': 'message/rfc822' };
  return [first, second].map((body) => ({ path: `/in/${doors.mail.key}`, headers, body }));
}

function serverEvent(doors: Doors, index: number, event: object): Sending {
  const signed = signStandardWebhooks(JSON.stringify(event), {
    secret: EVENT_SECRET,
    now: Date.now(),
    id: `msg_${index}`,
  });
  return { path: `/in/${doors.server.key}`, ...signed };
}

const siteMessage = (text: string) => ({
  visitor: randomUUID(),
  locale: text.slice(0, 35),
  page: { url: `https://shop.example/${text}?utm_source=${text}`, title: tagged(text, 'page-title'), referrer: text },
  identity: {
    userId: text,
    name: tagged(text, 'identify-name'),
    email: text,
    phone: text.slice(0, 40),
    token: text,
    traits: {
      [tagged(text, 'trait-name').slice(0, 60)]: tagged(text, 'trait'),
      motto: tagged(text, 'own-field').slice(0, 200),
      size: text,
    },
  },
  events: [
    {
      id: randomUUID(),
      at: Date.now(),
      type: 'survey_answered',
      answers: [
        { question: 'nps', value: 3 },
        { question: 'why', value: tagged(text, 'comment') },
      ],
    },
    { id: randomUUID(), at: Date.now(), type: 'page_viewed' },
  ],
});

/** What only headers carry: a topic nobody knows, the page a refused message came from, the name of a browser. */
function knocks(doors: Doors, text: string, index: number): { readonly wanted: Sending; readonly refused: Sending } {
  const wanted = shopify(doors, tagged(text, 'topic'), `${index}`, { id: index });
  const headers = { 'user-agent': text, origin: tagged(text, 'origin'), referer: text, 'x-forwarded-for': text };
  return {
    wanted: { ...wanted, headers: { ...wanted.headers, 'user-agent': text, 'x-planted': text } },
    refused: { path: `/w/${doors.listed.key}/in`, body: JSON.stringify(siteMessage(text)), headers },
  };
}

/** What was planted where a visitor sees it: sites whose name and question hold the texts, and a form. */
export type Planted = { readonly sites: readonly string[]; readonly form: string };

/** A file whose name, columns and refused cells a stranger could have written. */
async function plantFile(stage: Stage, text: string, index: number): Promise<void> {
  const header = [tagged(text, 'column-name').slice(0, 1000)];
  const { id } = await callApi<{ id: string }>(stage.worker, '/imports', {
    method: 'POST',
    body: {
      fileName: tagged(text, 'file-name').slice(0, 200),
      fingerprint: index.toString(16).padStart(64, '0'),
      rowsTotal: 2,
      plan: { kind: 'customers', header, columns: { email: 0 } },
    },
  });
  const rows = [{ line: 2, cells: [tagged(text, 'refused-cell')] }];
  await callApi(stage.worker, `/imports/${id}/rows`, { method: 'POST', body: { from: 0, rows } });
}

/** Plants the whole corpus. */
export async function plant(stage: Stage): Promise<Planted> {
  const doors = await openDoors(stage);
  // One takes what is written and one keeps it out, and says why.
  for (const [key, kind] of [
    ['motto', 'text'],
    ['size', 'number'],
  ])
    await callApi(stage.worker, '/custom-fields', {
      method: 'POST',
      body: { key, label: key, kind, filledFrom: [key] },
    });
  for (const [index, text] of bundled(XSS).entries())
    await Promise.all(facts(doors, text, index).map((sending) => send(stage, sending, true)));
  for (const [index, text] of bundled(HEADER_XSS).entries()) {
    const { wanted, refused } = knocks(doors, text, index);
    await Promise.all([send(stage, wanted, true), send(stage, refused, false)]);
  }
  await Promise.all(bundled(XSS).map((text, index) => plantFile(stage, text, index)));
  const [customer] = (await callApi<{ items: { id: string }[] }>(stage.worker, '/customers')).items;
  await callApi(stage.worker, `/customers/${customer?.id}/touchpoints`, {
    method: 'POST',
    body: { kind: 'note_added', text: tagged(XSS.join(' '), 'logged').slice(0, 5000) },
  });
  const sites = await Promise.all(
    bundled(XSS).map((text) =>
      addSource(stage, {
        kind: 'site',
        name: tagged(text, 'source-name').slice(0, 100),
        settings: {
          survey: { id: 's', questions: [{ id: 'why', kind: 'comment', label: { en: tagged(text, 'label') } }] },
        },
      }),
    ),
  );
  return { sites: sites.map(({ key }) => key), form: doors.form.key };
}
