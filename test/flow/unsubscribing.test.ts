import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAIL_SECRET, openCentre } from '../support/centre.ts';
import { mime, routeMail } from '../support/mail.ts';
import { linksIn, ORIGIN, visitor } from '../support/person.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver } from '../support/shop.ts';
import { callApi } from '../support/worker.ts';

/** What a mail carries, and what is asked before one is sent. */
const {
  worker,
  db,
  office,
  resend,
  send,
  all,
  count,
  minute,
  mailsTo,
  customer,
  fragmentOf,
  statesOf,
  linkFor,
  inside,
} = await openCentre();
afterAll(() => worker.dispose());

beforeAll(send);
beforeEach(() => {
  office.trick = null;
});

describe('the link at the foot of a mail', () => {
  async function sent() {
    const { email, id, name } = await customer();
    await callApi(worker, `/customers/${id}/preference-link`, { method: 'POST', body: { send: true } });
    await minute();
    const mail = mailsTo(email).at(-1);
    const [open = '', foot = ''] = linksIn(mail?.text ?? '');
    return { email, id, name, mail, open, foot };
  }

  it('stands in the headers that mailbox programs read', async () => {
    const { mail, foot } = await sent();
    expect(mail?.headers).toMatchObject({
      'list-unsubscribe': `<${ORIGIN}${foot}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
  });

  it('unsubscribes with one click: no cookie, no origin, no redirect, and as often as it is pressed', async () => {
    const { id, foot } = await sent();
    for (const headers of [{}, { origin: 'https://mail.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const done = await visitor(worker).ask(foot, {
        form: { 'List-Unsubscribe': 'One-Click' },
        headers: { accept: '*/*', ...headers },
      });
      expect([done.status, done.location]).toEqual([200, null]);
    }
    const states = await statesOf(id);
    expect(states.map(({ purpose, channel, state, basis }) => [purpose, channel, state, basis])).toEqual([
      ['marketing', 'email', 'denied', 'unsubscribe'],
      ['research', 'email', 'denied', 'unsubscribe'],
    ]);
    expect(
      await count("touchpoint t WHERE t.kind = 'email_unsubscribed' AND t.fragment_id = ?1", await fragmentOf(id)),
    ).toBe(1);
  });

  it('takes the same as a form of several parts', async () => {
    const { id, foot } = await sent();
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    const response = await fetch(new URL(foot, await worker.ready), { method: 'POST', body });
    await response.text();
    // The token names no host: it is good at whatever address the worker has.
    expect(response.status).toBe(200);
    expect(await statesOf(id)).toHaveLength(2);
  });

  it('does nothing when it is only followed', async () => {
    const { id, foot } = await sent();
    for (const method of ['GET', 'HEAD']) await visitor(worker).ask(foot, { method });
    expect(await statesOf(id)).toEqual([]);
  });

  it('shows nothing of the person to whom it may have been passed on, and can agree to nothing', async () => {
    const { id, email, name, foot } = await sent();
    const { text } = await visitor(worker).ask(foot);
    for (const word of [email, name, name.split(' ')[1] ?? '', 'teapot', '48.50']) expect(text).not.toContain(word);
    await visitor(worker).ask(foot, {
      form: [
        ['act', 'save'],
        ['allow', 'marketing:email'],
        ['shown', 'marketing:email:0'],
      ],
    });
    await visitor(worker).ask(foot, { form: { act: 'open' } });
    expect(await statesOf(id)).toEqual([]);
  });

  it('ends one kind of mail, or everything', async () => {
    const { id, foot } = await sent();
    expect((await visitor(worker).ask(foot, { form: { act: 'research' } })).location).toBe(`${foot}?done=1`);
    expect([...new Set((await statesOf(id)).map(({ purpose }) => purpose))]).toEqual(['research']);
    await visitor(worker).ask(foot, { form: { act: 'everything' } });
    expect([...new Set((await statesOf(id)).map(({ purpose }) => purpose))].sort()).toEqual(['marketing', 'research']);
  });

  it('has a fresh link sent to the address of that mail, and to no other', async () => {
    const { email, foot } = await sent();
    const before = office.posted.length;
    expect((await visitor(worker).ask(foot, { form: { act: 'fresh', email: 'other@example.com' } })).location).toBe(
      '/p/asked',
    );
    await minute();
    expect(office.posted.slice(before).map(({ to }) => to)).toEqual([email]);
  });
});

describe('consent is asked before each sending', () => {
  it('who refused mail about their own matters gets none from staff, and still the link they ask for themselves', async () => {
    const { email, id } = await customer();
    const person = await inside(email);
    await person.ask('/p/me/choices', { form: [['shown', 'service:email:1']] });
    const before = mailsTo(email).length;
    const { mailId } = await callApi<{ mailId: string }>(worker, `/customers/${id}/preference-link`, {
      method: 'POST',
      body: { send: true },
    });
    await minute();
    expect(mailsTo(email).length).toBe(before);
    const { items } = await callApi<{ items: { id: string; state: string; reason: string }[] }>(worker, '/mails');
    expect(items.find((mail) => mail.id === mailId)).toMatchObject({
      state: 'not_sent',
      reason: expect.stringContaining('they refused in the preference centre'),
    });
    await db.prepare('UPDATE mail_request SET at = at - 660000').run();
    await linkFor(email);
    expect(mailsTo(email).length).toBe(before + 1);
  });
});

describe('on record', () => {
  it('a mail is one contact, whether it was sent from here or its sender’s webhook tells of it', async () => {
    const { email, id } = await customer();
    await linkFor(email);
    const fragment = await fragmentOf(id);
    const [mail] = await all<{ external_id: string }>('SELECT external_id FROM mail WHERE fragment_id = ?1', fragment);
    const at = new Date().toISOString();
    const body = JSON.stringify({
      type: 'email.sent',
      created_at: at,
      data: { email_id: mail?.external_id, created_at: at, to: [email], subject: 'x' },
    });
    const signed = SENDERS.resend?.sign?.(body, {
      secret: MAIL_SECRET,
      now: Date.now(),
      id: 'msg_1',
      url: resend.url,
    });
    const told = await deliver(worker, resend, {
      headers: { 'content-type': 'application/json', ...signed?.headers },
      body,
    });
    expect(told.status).toBe(200);
    const contacts = await all<{ purpose: string; direction: string; fragment_id: number }>(
      "SELECT purpose, direction, fragment_id FROM touchpoint WHERE kind = 'email_sent' AND message_id LIKE '%' || ?1 || '%'",
      mail?.external_id ?? '-',
    );
    expect(contacts).toEqual([{ purpose: 'service', direction: 'out', fragment_id: fragment }]);
  });

  it('an answer finds its person by the address it goes to, whoever it is from', async () => {
    const mailbox = await addSource(worker, 'mailbox', { settings: { address: 'support@shop.example' } });
    await callApi(worker, '/mail-settings', { method: 'PATCH', body: { answersTo: mailbox.id } });
    const { email, id } = await customer();
    await linkFor(email);
    const { replyTo } = mailsTo(email).at(-1) ?? {};
    expect(replyTo).toMatch(/^reply\+[a-z0-9-]+@shop\.example$/);
    await routeMail(worker, mime({ from: 'Somebody <else@example.net>', text: 'It did not open.' }), {
      to: replyTo ?? '',
    });
    const received = await all<{ fragment_id: number }>(
      "SELECT fragment_id FROM touchpoint WHERE kind = 'email_received' ORDER BY seq DESC LIMIT 1",
    );
    expect(received).toEqual([{ fragment_id: await fragmentOf(id) }]);
    await callApi(worker, '/mail-settings', { method: 'PATCH', body: { answersTo: null } });
  });
});
