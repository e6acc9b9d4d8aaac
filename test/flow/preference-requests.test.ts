import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { comparable, openCentre } from '../support/centre.ts';
import { linksIn, ORIGIN, visitor } from '../support/person.ts';
import { addSource, holdersOf } from '../support/shop.ts';
import { ADMIN_TOKEN, callApi } from '../support/worker.ts';

/** Anybody may ask for a link to the preference centre, and nobody learns anything by asking. */
const { worker, db, office, send, all, count, minute, mailsTo, customer, fragmentOf, typed, ask, linkFor } =
  await openCentre();
afterAll(() => worker.dispose());
let n = 0;

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
  beforeAll(send);
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
});
