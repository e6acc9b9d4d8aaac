import { describe, expect, it } from 'vitest';
import type { ImportPlan } from '../../schema/imports/plan.ts';
import { guessEncoding } from '../../widgets/dashboard/import/encoding.ts';
import { firstOf, requestsOf, rowsToSend } from '../../widgets/dashboard/import/rows.ts';
import { guessDelimiter, headOf, readTable, TableReader } from '../../widgets/dashboard/import/table.ts';
import { fc, runs } from '../support/chance.ts';

/** From the bytes of a file to its rows, as the page reads them. */
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const cellsOf = async (bytes: Uint8Array, delimiter = ',', encoding = 'utf-8') =>
  (await readTable(bytes, encoding, delimiter)).rows.map(({ cells }) => cells);

/** Bytes of a text in an encoding that nothing here can write: each character by what decodes to it. */
function encoded(text: string, encoding: string): Uint8Array {
  if (encoding.startsWith('utf-16')) {
    const bytes = new Uint8Array(text.length * 2);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), encoding === 'utf-16le');
    return bytes;
  }
  const table = new Map<string, number[]>();
  const decoder = new TextDecoder(encoding);
  for (let byte = 0; byte < 256; byte++) {
    const character = decoder.decode(Uint8Array.of(byte));
    if (character !== '\ufffd') table.set(character, [byte]);
    if (encoding !== 'gb18030' || byte < 0x81) continue;
    for (let trail = 0x40; trail < 255; trail++) {
      const pair = decoder.decode(Uint8Array.of(byte, trail));
      if (pair.length === 1) table.set(pair, [byte, trail]);
    }
  }
  return Uint8Array.from([...text].flatMap((character) => table.get(character) ?? [63]));
}

const RUSSIAN =
  'Имя;Город;Комментарий\nИван Петров;Варна;Доставката закъсня с два дни\nМария Иванова;София;Всичко беше наред, благодаря\n';
const CHINESE = '姓名,城市,备注\n王小明,北京,送货很快，谢谢\n李华,上海,包装破损，需要退款\n';
const POLISH =
  'Imię;Miasto;Uwagi\nŁukasz Żak;Łódź;Przesyłka dotarła późno, ale obsługa była miła\nJerzy Wójcik;Poznań;Wszystko się zgadza\n';
const FRENCH = 'Prénom;Ville\nZoé;Besançon\nHélène;Orléans\n';

describe('the encoding of a file', () => {
  it.each([
    ['utf-8', RUSSIAN],
    ['utf-16le', RUSSIAN],
    ['utf-16be', CHINESE],
    ['utf-16le', FRENCH],
    ['windows-1251', RUSSIAN],
    ['gb18030', CHINESE],
    ['windows-1250', POLISH],
    ['windows-1252', FRENCH],
  ])('is found: %s', async (encoding, text) => {
    const bytes = encoding === 'utf-8' ? utf8(text) : encoded(text, encoding);
    expect(guessEncoding(bytes)).toBe(encoding);
    const delimiter = guessDelimiter(headOf(bytes, encoding));
    const rows = await cellsOf(bytes, delimiter, encoding);
    expect(rows.map((cells) => cells.join(delimiter)).join('\n')).toBe(text.trimEnd().replaceAll('﻿', ''));
  });

  it.each(['utf-16le', 'utf-16be'])('is told by its mark, which is no part of the text: %s', async (encoding) => {
    const bytes = encoded(`\ufeff${CHINESE}`, encoding);
    expect(guessEncoding(bytes)).toBe(encoding);
    expect((await cellsOf(bytes, ',', encoding))[0]?.[0]).toBe('姓名');
  });
  it('is UTF-8 by its mark, which is no part of the text either', async () => {
    const bytes = utf8(`\ufeffa,b\n1,2\n`);
    expect(guessEncoding(bytes)).toBe('utf-8');
    expect(await cellsOf(bytes)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });
});

describe('the delimiter of a file', () => {
  it.each([
    [',', 'a,b,c\n1,"2;3",4\n'],
    [';', 'a;b\n1,5;2,5\n3,5;4,5\n'],
    ['\t', 'a\tb\n1, 2\t3\n'],
    ['|', 'a|b\n1|2\n'],
    [' ', ' 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n'],
    [';', 'sep=;\na;b,c\n1;2\n'],
    [',', 'one column\nof words\n'],
  ])('is found: %j', (delimiter, head) => expect(guessDelimiter(head)).toBe(delimiter));
});

describe('the rows of a file', () => {
  it('are the same whatever ends its lines, also when the ends are mixed', async () => {
    const rows = [
      ['a', 'b'],
      ['1', 'x "y"'],
      ['2', 'first\nsecond'],
      ['3', ''],
    ];
    const text = 'a,b\n1,"x ""y"""\n2,"first\nsecond"\n3,\n';
    for (const written of [text, text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\r')])
      expect(await cellsOf(utf8(written))).toEqual(rows);
    expect(await cellsOf(utf8('a,b\r\n1,"x ""y"""\n2,"first\r\nsecond"\r3,'))).toEqual(rows);
  });

  it('know the line they begin at, past blank lines and cells of several lines', async () => {
    const { rows } = await readTable(utf8('a,b\n\n1,"x\ny\nz"\n , \n2,w\n'), 'utf-8', ',');
    expect(rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
      [1, 'a'],
      [3, '1'],
      [7, '2'],
    ]);
  });

  it('are the same however the file is cut into pieces', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' ') });
    const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, size) => {
          const text = rows.map((cells) => ['x', ...cells].map(quoted).join(',')).join('\r\n');
          const reader = new TableReader(',');
          const read = [];
          for (let at = 0; at < text.length; at += size)
            read.push(...reader.add(text.slice(at, at + size), at + size >= text.length));
          const plain = (value: string) => value.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
          expect(read.map(({ cells }) => cells)).toEqual(rows.map((cells) => ['x', ...cells.map(plain)]));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('end, with the line, at a quotation mark that is never closed', async () => {
    const text = `a,b\n1,2\n3,"x${'\n4,5'.repeat(400_000)}`;
    const { rows, fault } = await readTable(utf8(text), 'utf-8', ',');
    expect(rows.length).toBe(2);
    expect(fault).toBe('A quotation mark in line 3 is never closed.');
  });

  it('leave out the line in which Excel names its separator', async () => {
    expect(await cellsOf(utf8('sep=;\na;b\n1;2\n'), ';')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });
});

const plan: ImportPlan = {
  kind: 'orders',
  header: ['order', 'item'],
  columns: { orderId: 0, product: 1 },
  dayOrder: null,
  zone: 'UTC',
  decimal: null,
  currency: 'EUR',
  country: null,
  contact: null,
  channel: null,
};

describe('the requests of an import', () => {
  const table = Array.from({ length: 1200 }, (_, index) => ({
    line: index + 2,
    cells: [`o${index % 400}`, `item ${index % 800}`],
  }));

  it('keep the rows of an order together and number equal rows', async () => {
    const requests = [...requestsOf(await rowsToSend(plan, table), 0)];
    expect(
      requests
        .flat()
        .map(({ line }) => line)
        .sort((a, b) => a - b),
    ).toEqual(table.map(({ line }) => line));
    for (const request of requests) expect(request.length).toBeLessThanOrEqual(500);
    const orders = requests.map((request) => new Set(request.map(({ cells }) => cells[0])));
    expect(orders.reduce((sum, set) => sum + set.size, 0)).toBe(400);
    expect(requests.flat().filter(({ copy }) => copy === 1).length).toBe(400);
  });

  it('are the same when only the first are looked for, however far apart the rows of an order stand', async () => {
    const far = [
      ...table.slice(0, 350),
      { line: 9, cells: ['', 'x'] },
      { line: 10, cells: ['', 'x'] },
      ...table.slice(350),
    ];
    const all = (await rowsToSend(plan, far)).slice(0, 102);
    const first = await rowsToSend(plan, await firstOf(plan, far, 102));
    expect(first.map((group) => group.length)).toEqual(Array.from({ length: 102 }, () => 3));
    expect(first).toEqual(all);
    const alone = { ...plan, columns: { product: 1 } };
    expect(await firstOf(alone, far, 102)).toEqual(far.slice(0, 102));
  });

  it('go on from any row as if nothing had happened', async () => {
    const groups = await rowsToSend(plan, table);
    const all = [...requestsOf(groups, 0)].flat();
    for (const from of [0, 3, 500, 1199]) expect([...requestsOf(groups, from)].flat()).toEqual(all.slice(from));
    expect([...requestsOf(groups, 1200)]).toEqual([]);
  });
});
