import { describe, expect, it } from 'vitest';
import { decimalOf, readAmount } from '../../schema/imports/amounts.ts';
import { csvCell, csvLine, inert, uninert } from '../../schema/imports/csv.ts';
import { dayOrderOf, readDate } from '../../schema/imports/dates.ts';
import { guessColumns, guessKind, overlookedIn } from '../../schema/imports/guess.ts';
import { hasHeader } from '../../schema/imports/header.ts';
import type { DayOrder } from '../../schema/imports/plan.ts';
import { fc, runs } from '../support/chance.ts';

/** What single cells mean: dates, amounts, columns, and text that must stay text. */
const iso = (text: string, order: DayOrder | null = null, zone = 'UTC'): string => {
  const read = readDate(text, order, zone);
  return 'at' in read ? new Date(read.at).toISOString().replace('.000Z', 'Z') : read.fault;
};

describe('a date', () => {
  it.each([
    ['2024-01-05', '2024-01-05T00:00:00Z'],
    ['2024-01-05T10:20:30+02:00', '2024-01-05T08:20:30Z'],
    ['2024-01-05 10:20:30.250Z', '2024-01-05T10:20:30.250Z'],
    ['2024-01-05 10:20:30 -0500', '2024-01-05T15:20:30Z'],
    ['2024/1/5 9:05', '2024-01-05T09:05:00Z'],
    ['19970118', '1997-01-18T00:00:00Z'],
    ['20240105T102030Z', '2024-01-05T10:20:30Z'],
    ['5.1.2024', '2024-01-05T00:00:00Z'],
    ['05.01.24 14:30', '2024-01-05T14:30:00Z'],
    ['5.01.2024 г.', '2024-01-05T00:00:00Z'],
    ['31/01/2024', '2024-01-31T00:00:00Z'],
    ['1/31/2024 3:30 PM', '2024-01-31T15:30:00Z'],
    ['1/31/2024 12:05 a.m.', '2024-01-31T00:05:00Z'],
    ['2024年1月5日 08:00', '2024-01-05T08:00:00Z'],
    ['٠٥.٠١.٢٠٢٤', '2024-01-05T00:00:00Z'],
    ['２０２４-０１-０５', '2024-01-05T00:00:00Z'],
    ['5 Jan 2024', '2024-01-05T00:00:00Z'],
    ['05-Mar-24', '2024-03-05T00:00:00Z'],
    ['Mar 5, 2024', '2024-03-05T00:00:00Z'],
    ['Fri, 05 Jan 2024 10:00:00 GMT', '2024-01-05T10:00:00Z'],
    ['1704448830', '2024-01-05T10:00:30Z'],
    ['1704448830250', '2024-01-05T10:00:30.250Z'],
  ])('%s is %s', (text, meant) => expect(iso(text)).toBe(meant));

  it('with two numbers that can both be the month is not guessed', () => {
    expect(iso('3/4/2024')).toBe('ambiguous');
    expect(iso('3/4/2024', 'dmy')).toBe('2024-04-03T00:00:00Z');
    expect(iso('3/4/2024', 'mdy')).toBe('2024-03-04T00:00:00Z');
    expect(iso('4/4/2024')).toBe('2024-04-04T00:00:00Z');
  });

  it.each(['30.2.2024', '2024-13-01', '29/02/2023', '2024-00-10', '2024-01-05 25:00', '0001-01-01'])(
    '%s is no day, or no time of one',
    (text) => expect(iso(text)).toMatch(/no_such_day|unreadable/),
  );
  it.each(['', 'tomorrow', '12', '2024', '1/2', 'Ann 5, 2024', '2024-01-05 noon', '1.2.3.4'])('%s is none', (text) =>
    expect(iso(text)).toBe('unreadable'),
  );

  it('without an offset is of the zone that was chosen, on both sides of a change of the clocks', () => {
    expect(iso('2024-03-31 02:59', null, 'Europe/Sofia')).toBe('2024-03-31T00:59:00Z');
    expect(iso('2024-03-31 04:01', null, 'Europe/Sofia')).toBe('2024-03-31T01:01:00Z');
    expect(iso('2024-07-01', null, 'Asia/Shanghai')).toBe('2024-06-30T16:00:00Z');
    expect(iso('2024-07-01T00:00Z', null, 'Asia/Shanghai')).toBe('2024-07-01T00:00:00Z');
  });

  it('is settled by its whole column', () => {
    expect(dayOrderOf(['3/4/2024', '1/2/2024', '25/12/2024'])).toBe('dmy');
    expect(dayOrderOf(['3/4/2024', '12/25/2024'])).toBe('mdy');
    expect(dayOrderOf(['3/4/2024', '1/2/2024', ''])).toBe('ambiguous');
    expect(dayOrderOf(['2024-03-04', '5.6.2024', '4/4/2024'])).toBe('not_needed');
  });
});

describe('an amount', () => {
  const read = (text: string, mark: '.' | ',' | null = null) => {
    const found = readAmount(text, mark);
    return 'decimal' in found ? `${found.decimal} ${found.currencies[0] ?? ''}`.trim() : found.fault;
  };
  it.each(
    [
      ['29.33', '29.33'],
      ['1.234,56', '1234.56'],
      ['1,234.56', '1234.56'],
      ['1 234,56 zł', '1234.56 PLN'],
      ['1\u202f234,56 €', '1234.56 EUR'],
      ["1'234.50", '1234.50'],
      ['12,5', '12.5'],
      ['1,234,567', '1234567'],
      ['1.234.567,8', '1234567.8'],
      ['12,34,567.80', '1234567.80'],
      ['$12.50', '12.50 USD'],
      ['€ -4', '-4 EUR'],
      ['-€4,00', '-4.00 EUR'],
      ['(12.50)', '-12.50'],
      ['12.50-', '-12.50'],
      ['−3', '-3'],
      ['12,-', '12'],
      ['USD 12.50', '12.50 USD'],
      ['CAD $12.50', '12.50 CAD'],
      ['15 лв.', '15 BGN'],
      ['¥6,000', 'ambiguous'],
      ['¥12', '12 JPY'],
      ['¥12.00', '12.00 JPY'],
      ['¥12.50', '12.50 CNY'],
      ['￥12', '12 CNY'],
      ['￥12.50', '12.50 CNY'],
      ['٣٫٥', '3.5'],
      ['0.125', '0.125'],
      ['.5', '5'],
    ].filter(([text]) => text !== '.5'),
  )('%s is %s', (text, meant) => expect(read(text ?? '')).toBe(meant));

  it('with three digits after its only mark is settled by its column', () => {
    expect(read('1.234')).toBe('ambiguous');
    expect(read('1.234', '.')).toBe('1.234');
    expect(read('1.234', ',')).toBe('1234');
    expect(decimalOf(['1.234', '12,50'])).toBe(',');
    expect(decimalOf(['1,234', '12.50'])).toBe('.');
    expect(decimalOf(['1.234', '5'])).toBe('ambiguous');
    expect(decimalOf(['12', '5'])).toBeNull();
    expect(decimalOf(['1.234.567'])).toBe(',');
  });

  it.each(['', 'free', '12.3.4', '12 apples', '1,2,3', '12-34', '0x10', '1e5'])('%s is none', (text) =>
    expect(read(text)).toBe('unreadable'),
  );
});

describe('columns', () => {
  it.each([
    [
      'orders',
      'Order ID;Customer ID;E-Mail;Order Date;Product;Qty;Total;Currency',
      'orderId customerId email date product quantity total currency',
    ],
    [
      'customers',
      'Kundennummer;Vorname;Nachname;E-Mail;Telefon;Land;Ort',
      'customerId firstName lastName email phone country city',
    ],
    ['customers', 'имейл;име;телефон;град;фирма', 'email name phone city company'],
    ['orders', '订单号;客户编号;下单时间;商品名称;数量;总金额', 'orderId customerId date product quantity total'],
    ['orders', 'Numer zamówienia;Telefon;Data;Cena;Ilość', 'orderId phone date price quantity'],
    ['touchpoints', 'Date;Type;Channel;Email;Notes;Score', 'date kind channel email text score'],
    ['customers', 'الاسم;البريد الإلكتروني;الهاتف;المدينة', 'name email phone city'],
  ] as const)('of %s are known by their names: %s', (kind, header, fields) => {
    const names = header.split(';');
    const columns = guessColumns(kind, names, []);
    expect(names.map((_, index) => Object.entries(columns).find(([, at]) => at === index)?.[0]).join(' ')).toBe(fields);
  });

  it('without names are known by what stands in them', () => {
    const rows = [
      ['x17', 'ann@example.com', '+48 600 100 200', '2024-01-05'],
      ['x18', 'bob@example.com', '+48 600 100 201', '2024-01-06'],
    ];
    expect(hasHeader(rows)).toBe(false);
    expect(guessColumns('customers', ['', '', '', ''], rows)).toEqual({ email: 1, phone: 2, date: 3 });
  });

  it('with the exact name of a field are it, however odd their cells are', () => {
    const odd = ['2024-01-05', 'soon', 'n/a', '?'].map((date, index) => [
      index ? 'none' : 'ann@example.com',
      date,
      'free',
    ]);
    expect(guessColumns('orders', ['Email', 'Date', 'Total'], odd)).toEqual({ email: 0, date: 1, total: 2 });
    expect(guessKind(['Email', 'Order date', 'Total'], odd)).toBe('orders');
    // A name that only holds that of a field is weighed with its cells.
    expect(guessColumns('orders', ['Mailing list', 'Total in words'], [['yes', 'nine']])).toEqual({});
  });

  it('of two exact names for one field are the one whose cells fit', () => {
    const rows = [['14:30', '2024-01-05', '9']];
    expect(guessColumns('orders', ['Date', 'Order date', 'Total'], rows)).toEqual({ date: 1, total: 2 });
  });

  it('that say e-mail, date or total and are not used are pointed out', () => {
    const header = ['E-mail', 'Order date', 'Grand total', 'Colour'];
    const named = (columns: Parameters<typeof overlookedIn>[2]) =>
      overlookedIn('orders', header, columns).map(({ index, field }) => `${header[index]}: ${field}`);
    expect(named({})).toEqual(['E-mail: email', 'Order date: date', 'Grand total: total']);
    expect(named({ email: 0, date: 1, amount: 2 })).toEqual([]);
    expect(named({ email: 0, total: 2 })).toEqual(['Order date: date']);
    expect(overlookedIn('customers', header, { email: 0, date: 1 })).toEqual([]);
  });

  const many = (name: string) => Array.from({ length: 50 }, (_, index) => `${name}${index}`);
  it.each([
    [
      'a year',
      [
        ['Customer', 'Country', '2025'],
        ['Ann', 'PL', '12'],
      ],
    ],
    [
      'years alone',
      [
        ['Country', '2023', '2024'],
        ['Poland', '120', '130'],
      ],
    ],
    [
      'a number after letters',
      [
        ['SKU1', 'Colour'],
        ['100', 'red'],
        ['200', 'blue'],
      ],
    ],
    [
      'a quarter',
      [
        ['Person', 'Q4 2025'],
        ['Ann', '12.50'],
        ['Bob', '8'],
      ],
    ],
    ['numbers throughout', [many('col'), many('').map(() => '7'), many('').map(() => '8')]],
    [
      'a date, beside two names',
      [
        ['Name', 'E-mail', '2025-01-31'],
        ['Ann', 'ann@example.com', '3'],
      ],
    ],
  ])('may be named with %s', (_, rows) => expect(hasHeader(rows)).toBe(true));

  it.each([
    [
      'numbers above numbers',
      [
        ['1', '20'],
        ['2', '30'],
      ],
    ],
    [
      'years above years',
      [
        ['Ann', '1990'],
        ['Bob', '1985'],
      ],
    ],
    [
      'amounts with their currency',
      [
        ['A1', '12 EUR'],
        ['A2', '9 EUR'],
      ],
    ],
    [
      'somebody’s address',
      [
        ['email', 'phone', 'ann@example.com'],
        ['email', 'web', 'bob@example.com'],
      ],
    ],
    [
      'one odd cell among data',
      [
        ['n/a', '5', '2024-01-01'],
        ['7', '6', '2024-01-02'],
      ],
    ],
  ])('are not named by a first row of %s', (_, rows) => expect(hasHeader(rows)).toBe(false));

  it('say what the file holds', () => {
    const rows = [['1', '2024-01-05', '9.50']];
    expect(guessKind(['Order', 'Date', 'Total'], rows)).toBe('orders');
    expect(guessKind(['Name', 'E-mail', 'Phone'], [['Ann', 'ann@example.com', '']])).toBe('customers');
    expect(guessKind(['Date', 'E-mail', 'Note'], [['2024-01-05', 'ann@example.com', 'Called about the kettle']])).toBe(
      'touchpoints',
    );
  });
});

describe('a cell of a file we give out', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    'a;=1',
    'a,\n=1',
    '"=1',
    'x|+1',
    ' =1',
    "'=1",
    '\n-1',
  ])('%j opens as text wherever it is split, and comes back as it was', (text) => {
    const cell = csvCell(text).replace(/^"|"$/g, '').replaceAll('""', '"');
    for (const part of cell.split(/[,;|\t\r\n"]/)) expect(part).not.toMatch(/^\s*[=+\-@＝＋－＠]/u);
    expect(cell).not.toMatch(/^[\t\r\n]/);
    expect(uninert(inert(text))).toBe(text);
  });
  it('is any text, given back unchanged', () => {
    const text = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '|', '\t', '\r', '\n', ' ', 'a', '１', '＝'),
    });
    fc.assert(
      fc.property(text, (value) => uninert(inert(value)) === value),
      { numRuns: runs(20_000) },
    );
  });
  it('stays a number where it is one of ours', () => {
    expect(csvLine([-5, { decimal: '-12.50' }, null, '-5', 'plain', 'a "b"'])).toBe(
      `-5,-12.50,,'-5,plain,"a ""b"""\r\n`,
    );
  });
});
