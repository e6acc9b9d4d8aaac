import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LINK_PURPOSES, type LinkPurpose, makeLinkToken } from '../../worker/platform/link-token.ts';
import { makeReplyToken } from '../../worker/platform/reply-token.ts';
import { mime, routeMail } from '../support/mail.ts';
import { MAILERS, postOffice } from '../support/mailers.ts';
import { linksIn, ORIGIN, type Seen, visitor } from '../support/person.ts';
import { SENDERS } from '../support/senders.ts';
import { addSource, deliver, holdersOf, orderBody, type Source, shopifyDelivery } from '../support/shop.ts';
import { startWithSql, type Value } from '../support/sql.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** People see and decide what is kept of them: by a link that is theirs, and nobody learns anything without one. */
const office = postOffice();
const { worker, db } = await startWithSql({ outside: office.answer });
afterAll(() => worker.dispose());

const SECRET = 'a-shopify-signing-secret';
const MAIL_SECRET = SENDERS.resend?.secretOf?.('preferences') ?? '';
let shop: Source;
let resend: Source;
let n = 0;

const all = async <Row>(sql: string, ...values: Value[]): Promise<Row[]> =>
  (
    await db
      .prepare(sql)
      .bind(...values)
      .all<Row>()
  ).results;
const count = async (sql: string, ...values: Value[]): Promise<number> =>
  (await all<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, ...values))[0]?.n ?? 0;
const minute = async () => void (await (await worker.getWorker()).scheduled({}));
const mailsTo = (address: string) => office.posted.filter(({ to }) => to === address);

/** A customer of the shop: the shop says whose address it is. */
async function customer(): Promise<{ email: string; id: string; name: string }> {
  const number = ++n;
  const email = `person${number}@example.com`;
  const name = `Mara Lindqvist${number}`;
  const order = { id: 5000 + number, customer: 900 + number, email, name, createdAt: '2026-01-05T10:00:00Z' };
  await deliver(worker, shop, shopifyDelivery(SECRET, 'orders/create', `preferences-${number}`, orderBody(order)));
  const [holder] = await holdersOf(worker, `email:${email}`);
  return { email, name, id: holder?.id ?? '' };
}
const fragmentOf = async (id: string): Promise<number> =>
  (await all<{ id: number }>('SELECT id FROM customer WHERE public_id = ?1', id))[0]?.id ?? 0;
const statesOf = async (id: string) =>
  all<{ purpose: string; channel: string; state: string; basis: string }>(
    `SELECT DISTINCT k.purpose, k.channel, k.state, k.basis FROM customer c JOIN fragment o ON o.id = c.id
     JOIN fragment f ON f.customer_id = o.customer_id JOIN consent k ON k.fragment_id = f.id WHERE c.public_id = ?1
     ORDER BY k.purpose, k.channel, k.basis`,
    id,
  );

/** Somebody who wrote by a form, of whom nothing else is known; gives their name. */
async function typed(email: string): Promise<string> {
  const form = await addSource(worker, 'html_form', { settings: {} });
  const name = `Ines Okafor${n}`;
  await worker.dispatchFetch(form.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, name, message: 'Hello' }).toString(),
    redirect: 'manual',
  });
  return name;
}

const ask = (email: string, headers: Record<string, string> = {}) =>
  visitor(worker).ask('/p', { form: { email }, headers });

/** Asks for a link and gives its path, as it stands in the mail. */
async function linkFor(email: string): Promise<string> {
  await ask(email);
  await minute();
  const path = linksIn(mailsTo(email).at(-1)?.text ?? '')[0];
  if (!path) throw new Error(`no link came to ${email}`);
  return path;
}

/** Somebody who has followed their link. */
async function inside(email: string) {
  const person = visitor(worker);
  const opened = await person.ask(await linkFor(email), { form: { act: 'open' } });
  expect([opened.status, opened.location]).toEqual([303, '/p/me']);
  return person;
}

const comparable = ({ status, headers, text }: Seen) => ({
  status,
  text,
  headers: [...headers].filter(([name]) => name !== 'date').sort(),
});

beforeAll(async () => {
  shop = { ...(await addSource(worker, 'shopify', { secret: SECRET })), secret: SECRET };
  resend = { ...(await addSource(worker, 'resend', { secret: MAIL_SECRET })), secret: MAIL_SECRET };
});

describe('while no mail can be sent', () => {
  it('the page says whom to write to, and what is posted puts nothing down', async () => {
    await callApi(worker, '/mail-settings', {
      method: 'PATCH',
      body: { businessName: 'The Harbour', businessContact: 'data@shop.example' },
    });
    const { text } = await visitor(worker).ask('/p');
    expect(text).toContain('data@shop.example');
    expect(text).not.toContain('name="email"');
    await ask('somebody@example.com');
    expect([await count('mail'), await count('mail_request'), await count("job WHERE kind = 'mail.send'")]).toEqual([
      0, 0, 0,
    ]);
  });

  it('a link can be made to hand over, and none can be sent', async () => {
    const { id } = await customer();
    const made = await callApi<{ url: string }>(worker, `/customers/${id}/preference-link`, {
      method: 'POST',
      body: {},
    });
    expect((await visitor(worker).ask(new URL(made.url).pathname)).text).toContain('Continue');
    const sent = await worker.dispatchFetch(`${ORIGIN}/api/v1/customers/${id}/preference-link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ send: true }),
    });
    expect([sent.status, ((await sent.json()) as { code: string }).code]).toEqual([409, 'cannot_send']);
  });
});

describe('with a way to send', () => {
  beforeAll(async () => {
    await callApi(worker, `/sources/${resend.id}`, {
      method: 'PATCH',
      body: { credentials: MAILERS.resend?.credentials },
    });
    await callApi(worker, '/mail-settings', {
      method: 'PATCH',
      body: { way: resend.id, address: 'hello@shop.example' },
    });
  });
  beforeEach(() => {
    office.trick = null;
  });

  describe('asking for a link', () => {
    it('is answered byte for byte alike for a known address, an unknown one and one that asks again', async () => {
      const { email } = await customer();
      const answers = [
        await ask(email),
        await ask('stranger@example.com'),
        await ask(email),
        await ask('stranger@example.com'),
      ];
      const pages = await Promise.all(answers.map(({ location }) => visitor(worker).ask(location ?? '')));
      expect(new Set(answers.map((answer) => JSON.stringify(comparable(answer)))).size).toBe(1);
      expect(new Set(pages.map((page) => JSON.stringify(comparable(page)))).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 303, location: '/p/asked' });
      expect(pages[0]?.text).not.toContain('example.com');
    });

    it('leaves the same rows for a known address and an unknown one until the job is done, and nothing of the unknown one after', async () => {
      const { email } = await customer();
      const rows = async () => [await count('mail'), await count('mail_request'), await count('job')];
      const start = await rows();
      const grew = async (address: string) => {
        const before = await rows();
        await ask(address);
        return (await rows()).map((now, index) => now - (before[index] ?? 0));
      };
      expect(await grew(email)).toEqual(await grew('nobody.at.all@example.com'));
      expect(await rows()).not.toEqual(start);
      await minute();
      expect(mailsTo(email)).toHaveLength(1);
      expect(mailsTo('nobody.at.all@example.com')).toHaveLength(0);
      for (const table of ['mail', 'job', 'mail_request', 'delivery', 'touchpoint'])
        expect(JSON.stringify(await all(`SELECT * FROM ${table}`))).not.toContain('nobody.at.all');
    });

    it('sends an address one link in ten minutes and three a day, however often it is asked', async () => {
      const { email } = await customer();
      const mails = async () => {
        await Promise.all([ask(email), ask(email.toUpperCase()), ask(` ${email} `)]);
        await minute();
        return mailsTo(email).length;
      };
      expect(await mails()).toBe(1);
      for (const expected of [2, 3, 3, 3]) {
        await db.prepare('UPDATE mail_request SET at = at - 660000').run();
        expect(await mails()).toBe(expected);
      }
      await db.prepare('UPDATE mail_request SET at = at - 86400000').run();
      expect(await mails()).toBe(4);
    });

    it('says so for what is no address, and takes nothing from another site’s page', async () => {
      const unfit = await ask('not an address');
      expect([unfit.status, unfit.text]).toEqual([422, expect.stringContaining('This is not an e-mail address')]);
      expect((await ask('x@example.com', { origin: 'https://elsewhere.example' })).status).toBe(403);
      expect((await ask('x@example.com', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    });

    it('sends fixed words: nothing that somebody typed stands in the mail', async () => {
      const { email, name } = await customer();
      await linkFor(email);
      const mail = mailsTo(email).at(-1);
      expect(mail?.text).not.toContain(name.split(' ')[1]);
      expect(mail?.headers).toEqual({ 'auto-submitted': 'auto-generated' });
      expect(mail?.subject).toBe('Your data and your choices at The Harbour');
    });

    it.each([
      ['zh-Hans', '您在'],
      ['bg', 'Вашите данни'],
      ['pl', 'Twoje dane'],
      ['ar', 'بياناتك'],
    ])('is answered and written in %s for who reads that', async (language, words) => {
      const { email } = await customer();
      const page = await visitor(worker).ask('/p', { headers: { 'accept-language': language } });
      expect(page.text).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`);
      await ask(email, { 'accept-language': language });
      await minute();
      expect(mailsTo(email).at(-1)?.subject).toContain(words);
      expect(mailsTo(email).at(-1)?.html).toContain(`lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`);
    });

    it('brings nobody the record of another who merely claimed their address', async () => {
      const { email } = await customer();
      const claimed = `claimed${n}@example.com`;
      const fragment = await fragmentOf((await holdersOf(worker, `email:${email}`))[0]?.id ?? '');
      await db.prepare("INSERT INTO identifier VALUES ('email', ?1, 0, ?2, 1, 1, 0, 0)").bind(claimed, fragment).run();
      await ask(claimed);
      await minute();
      expect(mailsTo(claimed)).toEqual([]);
    });

    it('brings nobody the record of a user id that they name in public, by putting their address there', async () => {
      const segment = await addSource(worker, 'segment', { settings: {} });
      const { writeKey = '' } = segment as typeof segment & { writeKey?: string };
      const identify = (body: object) =>
        worker.dispatchFetch('http://rapport.test/v1/identify', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
          body: JSON.stringify(body),
        });
      const [stranger, own] = [`stranger${++n}@example.com`, `own${n}@example.com`];
      await identify({ userId: `u-${n}`, traits: { name: 'Ann Berg' } });
      await identify({ userId: `u-${n}`, traits: { email: stranger } });
      await identify({ anonymousId: `browser-${n}`, traits: { email: own } });
      await ask(stranger);
      await ask(own);
      await minute();
      expect(mailsTo(stranger)).toEqual([]);
      expect(mailsTo(own)).toHaveLength(1);
    });

    it('brings the oldest records first: nobody is crowded out of theirs by what strangers write of their address', async () => {
      const segment = await addSource(worker, 'segment', { settings: {} });
      const { writeKey = '' } = segment as typeof segment & { writeKey?: string };
      const email = `crowded${++n}@example.com`;
      const first = await typed(email);
      for (const stranger of [1, 2, 3, 4, 5, 6])
        await worker.dispatchFetch('http://rapport.test/v1/identify', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
          body: JSON.stringify({ anonymousId: `crowd-${n}-${stranger}`, traits: { email } }),
        });
      await ask(email);
      await minute();
      const paths = linksIn(mailsTo(email).at(-1)?.text ?? '');
      expect(paths).toHaveLength(5);
      const pages = await Promise.all(
        paths.map(async (path) => {
          const person = visitor(worker);
          await person.ask(path, { form: { act: 'open' } });
          return (await person.ask('/p/me')).text;
        }),
      );
      expect(pages.filter((page) => page.includes(first))).toHaveLength(1);
    });

    it('leads to where staff set up mail, whatever host it was asked at', async () => {
      const { email } = await customer();
      await worker.dispatchFetch('http://elsewhere.test/p', {
        method: 'POST',
        headers: { origin: 'null', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ email }).toString(),
        redirect: 'manual',
      });
      await minute();
      const [mail] = mailsTo(email);
      expect(linksIn(mail?.text ?? '')).toHaveLength(1);
      expect(`${mail?.text}${mail?.html}`).not.toContain('elsewhere');
    });

    it('gives a link for each record where an address leads to several', async () => {
      const first = await customer();
      const second = await customer();
      await db
        .prepare("INSERT INTO identifier VALUES ('email', ?1, 0, ?2, 2, 0, 0, 0)")
        .bind(first.email, await fragmentOf(second.id))
        .run();
      await ask(first.email);
      await minute();
      const paths = linksIn(mailsTo(first.email).at(-1)?.text ?? '');
      expect(paths).toHaveLength(2);
      const pages = await Promise.all(
        paths.map(async (path) => {
          const person = visitor(worker);
          await person.ask(path, { form: { act: 'open' } });
          return (await person.ask('/p/me')).text;
        }),
      );
      expect(pages.map((page) => [page.includes(first.name), page.includes(second.name)]).sort()).toEqual([
        [false, true],
        [true, false],
      ]);
    });
  });

  describe('a link', () => {
    it('changes nothing by being looked at, however often and by whom', async () => {
      const { email, id } = await customer();
      const path = await linkFor(email);
      const state = async () =>
        JSON.stringify([
          await all('SELECT * FROM preference_link ORDER BY id'),
          await all('SELECT * FROM consent ORDER BY id'),
          await count('touchpoint'),
        ]);
      const before = await state();
      for (const method of ['GET', 'HEAD', 'GET'])
        expect((await visitor(worker).ask(path, { method, headers: { purpose: 'prefetch' } })).status).toBe(200);
      const page = await visitor(worker).ask(path);
      expect(page.text).not.toContain(email);
      expect(page.headers.getSetCookie()).toEqual([]);
      expect(await state()).toBe(before);
      expect(id).not.toBe('');
    });

    it('opens once, also when twenty come at the same time', async () => {
      const { email } = await customer();
      const path = await linkFor(email);
      const tries = await Promise.all(
        Array.from({ length: 20 }, () => visitor(worker).ask(path, { form: { act: 'open' } })),
      );
      expect(tries.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(tries.filter(({ status }) => status === 404)).toHaveLength(19);
      expect((await visitor(worker).ask(path)).status).toBe(404);
    });

    it('is good for a day when asked for, and the centre for half an hour', async () => {
      const { email } = await customer();
      const path = await linkFor(email);
      await db.prepare('UPDATE preference_link SET expires_at = 1 WHERE used_at IS NULL').run();
      expect((await visitor(worker).ask(path, { form: { act: 'open' } })).status).toBe(404);
      const [kept] = await all<{ expires_at: number; created_at: number }>(
        'SELECT * FROM preference_link WHERE expires_at > 1 ORDER BY id DESC LIMIT 1',
      );
      expect((kept?.expires_at ?? 0) - (kept?.created_at ?? 0)).toBeLessThanOrEqual(14 * 24 * 3600 * 1000);
    });

    it('is worth nothing when it is forged, changed, too old or made for something else', async () => {
      const { email, id } = await customer();
      const person = await inside(email);
      const fragmentId = await fragmentOf(id);
      const [link] = await all<{ id: number }>('SELECT id FROM preference_link ORDER BY id DESC LIMIT 1');
      const [mail] = await all<{ id: number }>('SELECT id FROM mail WHERE fragment_id = ?1', fragmentId);
      const rowOf: Record<LinkPurpose, number> = {
        preferences: link?.id ?? 0,
        access: link?.id ?? 0,
        unsubscribe: mail?.id ?? 0,
      };
      await db.prepare('UPDATE preference_link SET used_at = NULL WHERE id = ?1').bind(rowOf.preferences).run();
      const make = (purpose: LinkPurpose, expiresAt = Date.now() + 3_600_000, key = ADMIN_TOKEN) =>
        makeLinkToken(
          key,
          purpose,
          { rowId: rowOf[purpose], fragmentId, expiresAt },
          purpose === 'access' ? '' : email,
        );
      const opens = async (token: string) => (await visitor(worker).ask(`/p/${token}`)).text.includes('value="open"');
      const leaves = async (token: string) =>
        (await visitor(worker).ask(`/p/${token}`)).text.includes('value="everything"');
      const enters = async (token: string) => {
        const other = visitor(worker);
        other.cookie = `__Host-rapport-person=${token}`;
        return (await other.ask('/p/me')).status === 200;
      };
      // Each purpose at each consumer: only the diagonal passes. The link itself must not be used up for the others.
      const asked: Record<string, boolean[]> = {};
      for (const purpose of LINK_PURPOSES) {
        const token = await make(purpose);
        asked[purpose] = [await opens(token), await enters(token), await leaves(token)];
      }
      expect(asked).toEqual({
        preferences: [true, false, false],
        // What a link has opened is open only once the link is used.
        access: [false, false, false],
        unsubscribe: [false, false, true],
      });
      await db.prepare('UPDATE preference_link SET used_at = 1 WHERE id = ?1').bind(rowOf.preferences).run();
      expect(await enters(await make('access'))).toBe(true);
      expect(await opens(await make('preferences'))).toBe(false);
      const reply = await makeReplyToken(ADMIN_TOKEN, {
        fragmentId,
        sourceId: 1,
        address: email,
        expiresAt: Date.now() + 1e9,
      });
      const good = await make('access');
      const wrong = [
        reply,
        await make('access', Date.now() - 60_000),
        await make('access', undefined, 'another-admin-token-here'),
        `${good.slice(0, -1)}${good.endsWith('a') ? 'b' : 'a'}`,
        good.replace(/^[^-]+/, (row) => (Number.parseInt(row, 36) + 1).toString(36)),
        good.toUpperCase(),
        `${good}a`,
        good.slice(0, -1),
        '',
      ];
      for (const token of wrong) expect([token, await enters(token)]).toEqual([token, false]);
      for (const token of wrong.filter(Boolean)) expect((await visitor(worker).ask(`/p/${token}`)).status).toBe(404);
      expect((await person.ask('/p/me')).status).toBe(200);
    });

    it('goes to nobody: no page of the centre gives its address away, is kept, listed or framed', async () => {
      const { email } = await customer();
      const path = await linkFor(email);
      const person = await inside((await customer()).email);
      for (const page of ['/p', '/p/asked', path, '/p/me', '/p/me/erase', '/p/left', '/p/nonsense']) {
        const { headers } = await person.ask(page);
        expect([page, headers.get('referrer-policy'), headers.get('x-robots-tag')]).toEqual([
          page,
          'no-referrer',
          'noindex',
        ]);
        expect(headers.get('cache-control')).toBe('no-store');
        expect(headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      }
      expect((await person.ask('/p/me')).text).not.toContain('<script');
    });
  });

  describe('the centre', () => {
    it('says in plain words who they are, what happened and what they bought', async () => {
      const { email, name } = await customer();
      const { text } = await (await inside(email)).ask('/p/me');
      for (const words of [name, email, 'Enamel teapot', '€48.50', '5 January 2026', 'What you bought'])
        expect(text).toContain(words);
    });

    it('says what else is noted, and what they wrote, in their language and folded', async () => {
      const { email, id } = await customer();
      await callApi(worker, '/custom-fields', {
        method: 'POST',
        body: { key: 'allergy', label: 'Allergy', kind: 'text' },
      });
      await callApi(worker, `/customers/${id}`, {
        method: 'PATCH',
        body: { fields: { allergy: 'walnuts' }, occasions: { birthday: '03-14', 'first visit': '2019-06-01' } },
      });
      await callApi(worker, `/customers/${id}/tags/regular`, { method: 'PUT' });
      const contact = { kind: 'message_received', channel: 'email', direction: 'in' };
      for (let day = 1; day <= 9; day++)
        await callApi(worker, `/customers/${id}/touchpoints`, {
          method: 'POST',
          body: { ...contact, text: `The lid rattles ${day}`, occurredAt: `2026-02-0${day}T10:00:00Z` },
        });
      await callApi(worker, `/customers/${id}/touchpoints`, {
        method: 'POST',
        body: { kind: 'note_added', text: 'A difficult one' },
      });
      const person = await inside(email);
      const { text } = await person.ask('/p/me');
      const folded = [...text.matchAll(/<details.*?<\/details>/gs)].join(' ');
      for (const words of ['Allergy', 'walnuts', 'Birthday', '14 March', 'first visit', '1 June 2019', 'regular'])
        expect(folded).toContain(words);
      for (const words of ['The lid rattles 9', '9 February 2026', 'How we see our relationship'])
        expect(folded).toContain(words);
      expect(folded).not.toContain('The lid rattles 1');
      expect(text).not.toContain('A difficult one');
      const polish = (await person.ask('/p/me?lang=pl')).text;
      for (const words of ['Urodziny', '14 marca', 'Etykiety', 'Co nam piszesz']) expect(polish).toContain(words);
    });

    it('writes what they choose for everything they are known as, and leaves alone what they did not touch', async () => {
      const { email, id } = await customer();
      const person = await inside(email);
      const page = await person.ask('/p/me');
      const shown = [...page.text.matchAll(/name="shown" value="([^"]+)"/g)].map(([, value = '']) => value);
      expect(shown).toContain('marketing:email:0');
      expect(shown).toContain('research:email:1');
      const saved = await person.ask('/p/me/choices', {
        form: [
          ...shown.map((value): [string, string] => ['shown', value]),
          ['allow', 'marketing:email'],
          ['allow', 'service:email'],
          ['allow', 'profiling:web'],
        ],
      });
      expect(saved.location).toBe('/p/me?done=consent.saved');
      expect(await statesOf(id)).toEqual([
        { purpose: 'marketing', channel: 'email', state: 'granted', basis: 'preference_centre' },
        { purpose: 'research', channel: 'email', state: 'denied', basis: 'preference_centre' },
      ]);
      const [word] = await all<{ wording: string; proof: string }>(
        "SELECT wording, proof FROM consent WHERE fragment_id = ?1 AND purpose = 'marketing'",
        await fragmentOf(id),
      );
      expect(word?.wording).toMatch(/^preferences-/);
      expect(JSON.parse(word?.proof ?? '{}')).toMatchObject({ page: '/p/me' });
      const again = await person.ask('/p/me?done=consent.saved');
      expect(again.text).toContain('Your choices are saved.');
      expect(again.text).toContain('value="marketing:email:1"');
    });

    it('unsubscribes from everything with one button, and keeps what concerns their own orders', async () => {
      const { email, id } = await customer();
      const person = await inside(email);
      await person.ask('/p/me/everything', { form: {} });
      const states = await statesOf(id);
      expect(states.every(({ state }) => state === 'denied')).toBe(true);
      expect([...new Set(states.map(({ purpose }) => purpose))].sort()).toEqual(['marketing', 'research']);
    });

    it('keeps the language they choose, over what sources say', async () => {
      const { email, id } = await customer();
      const person = await inside(email);
      await person.ask('/p/me/language', { form: { language: 'pl' } });
      await callApi(worker, `/customers/${id}/preference-link`, { method: 'POST', body: { send: true } });
      await minute();
      expect(mailsTo(email).at(-1)?.subject).toContain('Twoje dane');
      await person.ask('/p/me/language', { form: { language: 'xx' } });
      const said = await all(
        "SELECT value, actor FROM edit WHERE field = 'language' AND fragment_id = ?1",
        await fragmentOf(id),
      );
      expect(said).toEqual([{ value: 'pl', actor: 'preference_centre' }]);
    });

    it('leaves a language that is none of ours as it is, unless they choose another', async () => {
      const { email, id } = await customer();
      await callApi(worker, `/customers/${id}`, { method: 'PATCH', body: { language: 'sv' } });
      const person = await inside(email);
      const page = await person.ask('/p/me');
      expect(page.text).toMatch(/<option value(="")? selected[^>]*>As now: Swedish</);
      expect((await person.ask('/p/me?lang=bg')).text).toContain('шведски');
      expect(page.text.match(/<option[^>]*selected/g)).toHaveLength(1);
      await person.ask('/p/me/language', { form: { language: '' } });
      const stands = async () =>
        all("SELECT value FROM edit WHERE field = 'language' AND fragment_id = ?1 ORDER BY id", await fragmentOf(id));
      expect(await stands()).toEqual([{ value: 'sv' }]);
      await person.ask('/p/me/language', { form: { language: 'pl' } });
      expect(await stands()).toEqual([{ value: 'sv' }, { value: 'pl' }]);
    });

    it('says nothing in the name of somebody whose record was joined with theirs by mistake, but what it refuses', async () => {
      const [one, other] = [await customer(), await customer()];
      const merge = { from: other.id, reason: 'a mistake' };
      const path = `/customers/${one.id}/merge`;
      const { decisionId } = await callApi<{ decisionId: string }>(worker, path, { method: 'POST', body: merge });
      // The link is of the record that was joined to another: not of the fragment that carries its id.
      const person = await inside(other.email);
      await person.ask('/p/me/language', { form: { language: 'bg' } });
      const shown: [string, string][] = [
        ['shown', 'marketing:email:0'],
        ['shown', 'research:email:1'],
        ['allow', 'marketing:email'],
      ];
      await person.ask('/p/me/choices', { form: shown });
      await callApi(worker, `/decisions/${decisionId}/revoke`, { method: 'POST', body: { reason: 'two people' } });
      const said = async (id: string) =>
        (await statesOf(id)).map(({ purpose, channel, state }) => `${purpose} ${channel} ${state}`);
      expect(await said(one.id)).toEqual(['research email denied']);
      expect(await said(other.id)).toEqual(['marketing email granted', 'research email denied']);
      const languages = await all<{ fragment_id: number }>(
        "SELECT fragment_id FROM edit WHERE field = 'language' AND value = 'bg'",
      );
      expect(languages).toEqual([{ fragment_id: await fragmentOf(other.id) }]);
    });

    it('hands over everything that is held, as a file for programs and as a page', async () => {
      const { email, name } = await customer();
      const person = await inside(email);
      const json = await person.ask('/p/me/data.json');
      expect(json.headers.get('content-disposition')).toContain('my-data.json');
      const held = JSON.parse(json.text) as { displayName: string; holdings: { table: string; rows: unknown[] }[] };
      expect(held.displayName).toBe(name);
      for (const table of ['identifier', 'orders', 'touchpoint', 'mail', 'preference_link'])
        expect([table, held.holdings.find((one) => one.table === table)?.rows.length]).not.toEqual([table, 0]);
      const page = (await person.ask('/p/me/data.html?lang=pl')).text;
      expect(page).toContain(email);
      expect(page).toContain('<html lang="pl" dir="ltr">');
      // Every table that holds something of theirs stands there and in the contents: who they are first, workings last.
      const tables = [...page.matchAll(/<h3 id="(\w+)"/g)].map(([, table = '']) => table);
      const filled = held.holdings.filter(({ rows }) => rows.length > 0).map(({ table }) => table);
      expect([...tables].sort()).toEqual([...filled].sort());
      for (const table of tables) expect(page).toContain(`href="#${table}"`);
      expect(tables.slice(0, 2)).toEqual(['customer', 'identifier']);
      expect(tables.indexOf('orders')).toBeLessThan(tables.indexOf('mail'));
      expect(tables.indexOf('match_key')).toBeGreaterThan(tables.indexOf('preference_link'));
      expect(page.replaceAll('\u00a0', ' ')).toContain('48,50 €');
    });

    it('is written in the reader’s language: its titles, its columns and what is kept as a code', async () => {
      const { email } = await customer();
      const person = await inside(email);
      await person.ask('/p/me/choices', {
        form: [
          ['allow', 'marketing:email'],
          ['shown', 'marketing:email:0'],
          ['shown', 'research:email:1'],
        ],
      });
      const wanted = {
        en: ['Order placed', 'Agreed', 'The page of own data and choices', 'How we know'],
        bg: ['Направена поръчка', 'Съгласие', 'Страницата за собствени данни и избор', 'Откъде го знаем'],
        pl: ['Złożono zamówienie', 'Zgoda', 'Strona własnych danych i wyborów', 'Skąd to wiemy'],
        'zh-Hans': ['已下单', '同意', '个人数据与选择页面', '得知方式'],
        ar: ['تقديم طلب', 'موافقة', 'صفحة البيانات والاختيارات', 'كيف عُرف'],
      };
      for (const [lang, words] of Object.entries(wanted)) {
        const page = (await person.ask(`/p/me/data.html?lang=${lang}`)).text;
        for (const word of words) expect([lang, page.includes(word)]).toEqual([lang, true]);
        expect(page).toContain(`dir="${lang === 'ar' ? 'rtl' : 'ltr'}"`);
        // No part of it turns to another language or direction, and no code of ours stands there as it is kept.
        expect(page.match(/(lang|dir)="/g)).toHaveLength(2);
        const codes = page.replaceAll(/<[^>]+>/g, '\n').match(/^[a-z]+(_[a-z]+)+$/gm) ?? [];
        expect([lang, codes]).toEqual([lang, []]);
      }
      const { text } = await person.ask('/p/me/data.json?lang=bg');
      expect(text).toContain('"basis":"preference_centre"');
    });

    it('is closed to everybody without a link, to other sites’ pages, and after it was closed', async () => {
      const { email, id } = await customer();
      const paths = ['/p/me', '/p/me/data.json', '/p/me/data.html', '/p/me/erase'];
      for (const path of paths) expect([path, (await visitor(worker).ask(path)).status]).toEqual([path, 404]);
      const person = await inside(email);
      for (const headers of [
        { origin: 'https://elsewhere.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ])
        for (const act of ['choices', 'everything', 'language', 'erase', 'close'])
          expect((await person.ask(`/p/me/${act}`, { form: { confirm: 'erase' }, headers })).status).toBe(403);
      expect(await statesOf(id)).toEqual([]);
      const cookie = person.cookie;
      await person.ask('/p/me/close', { form: {} });
      const copy = visitor(worker);
      copy.cookie = cookie;
      expect((await copy.ask('/p/me')).status).toBe(404);
    });
  });

  describe('erasing oneself', () => {
    it('takes a second page and a button; then nothing is left but a certificate', async () => {
      const { email, id, name } = await customer();
      const person = await inside(email);
      await callApi(worker, `/customers/${id}/preference-link`, { method: 'POST', body: { send: true } });
      await minute();
      const [, unsubscribe] = linksIn(mailsTo(email).at(-1)?.text ?? '');
      const other = await callApi<{ url: string }>(worker, `/customers/${id}/preference-link`, {
        method: 'POST',
        body: {},
      });
      expect((await person.ask('/p/me/erase')).text).toContain('Erase everything that names you?');
      expect((await person.ask('/p/me/erase', { form: {} })).location).toBe('/p/me/erase');
      expect(await holdersOf(worker, `email:${email}`)).toHaveLength(1);
      const cookie = person.cookie;
      const erased = await person.ask('/p/me/erase', { form: { confirm: 'erase' } });
      expect(erased.location).toMatch(/^\/p\/erased\/[0-9a-f-]{36}$/);
      const certificate = await visitor(worker).ask(erased.location ?? '');
      expect(certificate.text).toContain('You are erased');
      expect(certificate.text).not.toContain(name);
      expect(await holdersOf(worker, `email:${email}`)).toEqual([]);
      for (const table of ['mail', 'preference_link', 'mail_request', 'job', 'consent', 'delivery', 'touchpoint'])
        expect([table, JSON.stringify(await all(`SELECT * FROM ${table}`)).includes(email)]).toEqual([table, false]);
      // Everything that led to them is dead.
      const copy = visitor(worker);
      copy.cookie = cookie;
      expect((await copy.ask('/p/me')).status).toBe(404);
      expect((await copy.ask(new URL(other.url).pathname, { form: { act: 'open' } })).status).toBe(404);
      expect((await copy.ask(unsubscribe ?? '')).status).toBe(404);
      const oneClick = await copy.ask(unsubscribe ?? '', { form: { 'List-Unsubscribe': 'One-Click' } });
      expect(oneClick.status).toBe(200);
      await ask(email);
      const before = mailsTo(email).length;
      await minute();
      expect(mailsTo(email).length).toBe(before);
    });
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
      expect([...new Set((await statesOf(id)).map(({ purpose }) => purpose))].sort()).toEqual([
        'marketing',
        'research',
      ]);
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
      const [mail] = await all<{ external_id: string }>(
        'SELECT external_id FROM mail WHERE fragment_id = ?1',
        fragment,
      );
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
});
