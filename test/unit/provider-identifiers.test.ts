import { describe, expect, it } from 'vitest';
import { isBlockedValue, isSharedMailbox, normaliseEmail, normalisePhone } from '../../schema/identifiers.ts';
import { identifiers, own, personKey } from '../../worker/sources/person.ts';
import { fc } from '../support/chance.ts';

describe('an e-mail address', () => {
  it.each([
    ['  Mara.Lindqvist@Example.COM ', 'mara.lindqvist@example.com'],
    ['mara+shop@example.com', 'mara+shop@example.com'],
    ['ｍａｒａ@example.com', 'mara@example.com'],
    ['мара@пример.бг', 'мара@пример.бг'],
    ["o'brien@example.co.uk", "o'brien@example.co.uk"],
  ])('%j is compared as %j', (given, wanted) => {
    expect(normaliseEmail(given)).toBe(wanted);
  });

  it.each([
    ...[
      '',
      'mara',
      '@example.com',
      'mara@',
      'mara@example',
      'mara@@example.com',
      'mara @example.com',
      'mara@exa mple.com',
    ],
    ...[
      'mara@.com',
      'mara@example..com',
      'mara@-example.com',
      'Mara <mara@example.com>',
      'mara@127.0.0.1',
      'a@b.c\u0000om',
    ],
    ...[
      `${'a'.repeat(65)}@example.com`,
      `a@${'b'.repeat(250)}.com`,
      'null',
      'mara,lind@example.com',
      'mara\n@example.com',
    ],
  ])('%j is none', (given) => {
    expect(normaliseEmail(given)).toBeNull();
  });

  it.each([null, undefined, 7, {}, []])('%j is none', (given) => {
    expect(normaliseEmail(given)).toBeNull();
  });

  it('does not change when it is normalised twice', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: 'grapheme' }).map((text) => `${text}@example.com`),
        ),
        (given) => {
          const once = normaliseEmail(given);
          if (once !== null) expect(normaliseEmail(once)).toBe(once);
        },
      ),
    );
  });

  it.each([
    'info@shop.example',
    'no-reply@shop.example',
    'Support'.toLowerCase().concat('+eu@shop.example'),
    'biuro@sklep.example',
  ])('%s is read by a team or by nobody', (address) => {
    expect(isSharedMailbox(address)).toBe(true);
  });

  it('of a person is not shared', () => {
    expect(['mara@info.example', 'informatik@shop.example', 'saleh@shop.example'].some(isSharedMailbox)).toBe(false);
  });
});

describe('a telephone number', () => {
  it.each([
    ['+48 12 323 44 56', null, '+48123234456'],
    ['12 323 44 56', 'PL', '+48123234456'],
    ['0049 30 901820', 'FR', '+4930901820'],
    ['030 901820', 'de', '+4930901820'],
    ['(415) 555-2671', 'US', '+14155552671'],
  ])('%j in %j is %s', (given, country, wanted) => {
    expect(normalisePhone(given, country)).toBe(wanted);
  });

  it.each([
    ['12 323 44 56', null],
    ['555-555-SHIP', 'US'],
    ['(555) 555-5555', 'US'],
    ['123', 'US'],
    ['call me', 'US'],
    ['', 'US'],
    ['12 323 44 56', 'Poland'],
    ['9'.repeat(100), 'US'],
  ])('%j in %j is none', (given, country) => {
    expect(normalisePhone(given, country)).toBeNull();
  });
});

describe('a value that stands for nobody', () => {
  const blocked = [
    'null',
    'NULL',
    'undefined',
    'None',
    'anonymous',
    'Guest',
    'NaN',
    '[object Object]',
    'true',
    'False',
    '0',
  ];
  const more = ['000', '', '  ', '-1', '---', 'id', 'email', 'distinct_id', '00000000-0000-0000-0000-000000000000'];
  it.each([...blocked, ...more])('%j is blocked, quoted or not', (value) => {
    for (const form of [value, `"${value}"`, `'${value}'`, `"'${value}'"`, ` ${value} `])
      expect(isBlockedValue(form)).toBe(true);
  });

  it.each(['1', '10', 'guest-17', 'Null Island Tours', 'identity', '-12'])('%j is not', (value) => {
    expect(isBlockedValue(value)).toBe(false);
  });

  it('gives no identifier at all', () => {
    expect(identifiers(own('customer', 'undefined', 'asserted'), own('customer', 0, 'asserted'))).toEqual([]);
  });
});

describe('the key of a person', () => {
  const email = (value: string) => ({ kind: 'email', value, assurance: 'asserted' }) as const;
  it('is the customer, else the address, else what the touchpoint is about', () => {
    const customer = { kind: 'customer', value: '7', assurance: 'asserted' } as const;
    expect(personKey([email('mara@example.com'), customer], 'order:1')).toBe('customer:7');
    expect(personKey([email('mara@example.com')], 'order:1')).toBe('email:mara@example.com');
    expect(personKey([], 'order:1')).toBe('order:1');
  });

  it('is never a shared mailbox: all who write it would be one person', () => {
    expect(personKey([email('info@firm.example')], 'order:1')).toBe('order:1');
  });
});
