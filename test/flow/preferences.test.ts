import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCentre } from '../support/centre.ts';
import { linksIn, visitor } from '../support/person.ts';
import { holdersOf } from '../support/shop.ts';
import { callApi } from '../support/worker.ts';

/** People see and decide what is kept of them, by a link that is theirs. */
const { worker, office, send, all, minute, mailsTo, customer, fragmentOf, statesOf, ask, inside } = await openCentre();
afterAll(() => worker.dispose());

beforeAll(send);
beforeEach(() => {
  office.trick = null;
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
        body: {
          ...contact,
          text: `The lid rattles ${day}`,
          occurredAt: `2026-02-0${day}T10:00:00Z`,
        },
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
    for (const words of ['Urodziny', '14 marca', 'Etykiety', 'Twoje wiadomości']) expect(polish).toContain(words);
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
    const changed = await person.ask('/p/me/language?lang=en', { form: { language: 'pl' } });
    expect(new URLSearchParams(changed.headers.get('location')?.split('?')[1]).get('lang')).toBe('pl');
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
