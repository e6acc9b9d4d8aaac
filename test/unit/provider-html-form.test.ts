import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/touchpoint.ts';
import htmlForm from '../../worker/sources/providers/html_form.ts';
import { defaultSettings, deliveryOf, onlyTouchpoint, translateWith } from '../support/fixtures.ts';

type Fields = Record<string, Json>;
const translate = (fields: Json, settings: Fields = {}, headers: Record<string, string> = {}) =>
  translateWith(htmlForm, deliveryOf(headers, JSON.stringify(fields)), fields, {
    ...defaultSettings(htmlForm),
    ...settings,
  });
const read = (fields: Fields, settings: Fields = {}, headers: Record<string, string> = {}) =>
  onlyTouchpoint(translate(fields, settings, headers));
const valueOfKind = (fields: Fields, kind: string, settings: Fields = {}) =>
  read(fields, settings).person.identifiers.find((identifier) => identifier.kind === kind)?.value ?? null;

it('reads who wrote, what, and from which page', () => {
  const fields = {
    'your-name': ' Nadia Ferrante ',
    'your-email': 'Nadia@Example.com',
    'your-message': 'Hello\nthere',
    topic: ['a', 'b'],
  };
  expect(read(fields, {}, { Referer: 'https://shop.example/contact?token=abc' })).toMatchObject({
    kind: 'form_submitted',
    channel: 'web',
    direction: 'in',
    initiator: 'customer',
    occurredAt: null,
    text: 'Hello\nthere',
    person: {
      key: 'email:nadia@example.com',
      identifiers: [{ kind: 'email', value: 'nadia@example.com', assurance: 'claimed' }],
      profile: { name: 'Nadia Ferrante' },
    },
    data: { fields: { topic: 'a, b' }, page: 'https://shop.example/contact' },
  });
});

describe('the fields of other languages', () => {
  it.each([
    [{ имейл: 'a@example.com', име: 'Ивелина', съобщение: 'Здравейте' }, 'Ивелина', 'Здравейте'],
    [{ 'E-mail': 'a@example.com', Imię: 'Żaneta', Nazwisko: 'Łoś', Wiadomość: 'Dzień dobry' }, 'Żaneta Łoś', null],
    [{ 电子邮箱: 'a@example.com', 姓名: '王芳', 留言: '你好' }, '王芳', '你好'],
    [{ 'البريد الالكتروني': 'a@example.com', الاسم: 'ليلى', الرسالة: 'مرحبا' }, 'ليلى', 'مرحبا'],
    [
      { 'Adresse e-mail': 'a@example.com', Prénom: 'Aïcha', Nom: 'Benali', 'Votre message': 'Bonjour' },
      'Aïcha Benali',
      'Bonjour',
    ],
    [{ メールアドレス: 'a@example.com', お名前: '花子', メッセージ: 'こんにちは' }, '花子', 'こんにちは'],
    [{ 'fields[email]': 'a@example.com', 'fields[name]': 'Mara', 'fields[message]': 'Hej' }, 'Mara', 'Hej'],
  ])('%j', (fields, name, text) => {
    const touchpoint = read(fields);
    expect(touchpoint.person.key).toBe('email:a@example.com');
    expect(touchpoint.person.profile?.name).toBe(name);
    if (text !== null) expect(touchpoint.text).toBe(text);
  });
});

it('finds an address by its shape, and by the name the owner gives', () => {
  expect(valueOfKind({ q1: 'Mara', q2: 'mara@example.com' }, 'email')).toBe('mara@example.com');
  expect(valueOfKind({ friend: 'x@example.com', email: 'mara@example.com' }, 'email')).toBe('mara@example.com');
  expect(valueOfKind({ a: 'x@example.com', b: 'y@example.com' }, 'email', { emailField: 'b' })).toBe('y@example.com');
  expect(valueOfKind({ a: 'x@example.com' }, 'email', { emailField: 'b' })).toBeNull();
});

it('reads telephone numbers as of the country the owner names, and keeps those it cannot read', () => {
  expect(valueOfKind({ phone: '12 323 44 56' }, 'phone', { country: 'PL' })).toBe('+48123234456');
  const unread = read({ phone: '12 323 44 56' });
  expect([unread.person.identifiers, unread.data?.fields]).toEqual([[], { phone: '12 323 44 56' }]);
});

describe('one submission', () => {
  it('is known by the id its page gave it, else by its words and the time it came', () => {
    const id = '0B6F2C1E-9D3A-4E5F-8A7B-1C2D3E4F5A6B';
    expect(read({ _id: id, say: 'Hi' }).messageId).toBe(id.toLowerCase());
    expect(read({ _id: 'not-an-id', say: 'Hi' }).messageId).toMatch(/^[0-9a-f]{64}:0$/);
    expect(read({ say: 'Hi' }).messageId).not.toBe(read({ say: 'Ho' }).messageId);
  });

  it('without an address belongs to itself', () => {
    const { messageId, person } = read({ say: 'Hi' });
    expect(person).toMatchObject({ key: `submission:${messageId}`, identifiers: [] });
  });
});

describe('what is not stored', () => {
  it('are fields that steer us or prove a robot wrong', () => {
    const fields = {
      say: 'Hi',
      _next: 'https://shop.example',
      _gotcha: '',
      csrf_token: 'x',
      'g-recaptcha-response': 'y',
    };
    expect(read(fields).data?.fields).toEqual({ say: 'Hi' });
  });

  it.each([
    'password',
    'user_password',
    'Passwort',
    'cardNumber',
    'card-number',
    'CVV',
    'iban',
    'SSN',
    'contraseña',
    'hasło',
    'парола',
    '密码',
    'creditCard',
  ])('is what stands in a field called %s', (name) => {
    const touchpoint = read({ say: 'Hi', [name]: 'secret value' });
    expect(touchpoint.data?.fields).toEqual({ say: 'Hi', [name]: '[not stored]' });
    expect(JSON.stringify(touchpoint)).not.toContain('secret value');
  });

  it('is the number of a payment card, whatever its field is called', () => {
    expect(read({ q7: '4242 4242 4242 4242' }).data?.fields).toEqual({ q7: '[not stored]' });
    expect(read({ q7: '4242 4242 4242 4241' }).data?.fields).toEqual({ q7: '4242 4242 4242 4241' });
  });

  it.each(['discard', 'postcard_motif', 'spinning', 'company'])('is not %s, which only sounds like it', (name) => {
    expect(read({ [name]: 'yes' }).data?.fields).toEqual({ [name]: 'yes' });
  });
});

it('keeps no more than fifty fields of five thousand characters', () => {
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`q${n}`, 'x'.repeat(6000)]));
  const fields = read(many).data?.fields;
  expect(Object.keys(fields ?? {}).length).toBe(50);
  expect(new Set(Object.values(fields ?? {}).map((text) => String(text).length))).toEqual(new Set([5000]));
});

it('passes over what a program filled in, and what nobody did', () => {
  expect(translate({ say: 'Hi', _gotcha: 'http://spam.example' })).toEqual({ ok: true, ignored: 'honeypot' });
  expect(translate({ say: 'Hi', website: 'x' }, { honeypot: 'website' })).toEqual({ ok: true, ignored: 'honeypot' });
  expect(translate({ say: ' ', _next: '/' })).toEqual({ ok: true, ignored: 'empty_form' });
});

it.each([null, [], 'say=Hi', 7])('%j is no form', (payload) => {
  expect(translate(payload)).toMatchObject({ ok: false, misfits: [{ path: '$' }] });
});

it('refuses settings that do not fit, by path', () => {
  expect(htmlForm.parseSettings({ origins: ['shop'] })).toMatchObject({
    ok: false,
    misfits: [{ path: '$.origins[0]' }],
  });
  for (const origin of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://'])
    expect(htmlForm.parseSettings({ origins: [origin] }), origin).toMatchObject({ ok: false });
  expect(
    htmlForm.parseSettings({ origins: ['https://Shop.example/contact?a=1', ' http://shop.example:80 '] }),
  ).toMatchObject({
    settings: { origins: ['https://shop.example', 'http://shop.example'] },
  });
  expect(htmlForm.parseSettings({ country: 'Poland' })).toMatchObject({ ok: false, misfits: [{ path: '$.country' }] });
  expect(htmlForm.parseSettings({ emailField: 'mail' })).toMatchObject({
    ok: true,
    settings: { emailField: 'mail', honeypot: '_gotcha' },
  });
});
