import { describe, expect, it } from 'vitest';
import { parseJson } from '../../worker/platform/json.ts';
import { fc, runs } from '../support/chance.ts';

const parse = (text: string) => parseJson(new TextEncoder().encode(text));
const fault = (text: string) => {
  const parsed = parse(text);
  return parsed.ok ? null : `${parsed.fault.path} ${parsed.fault.message}`;
};
const value = (text: string) => {
  const parsed = parse(text);
  if (!parsed.ok) throw new TypeError(parsed.fault.message);
  return parsed.value;
};

describe('JSON that came from outside', () => {
  it('is read as any other parser reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (json) => {
        const text = JSON.stringify(json);
        // Longer integers become text, and NUL is refused: both have tests of their own.
        fc.pre(!text.includes('\\u0000') && !/\d{16}/.test(text));
        expect(value(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('keeps every finite number that a double holds, however many digits it is written with', () => {
    for (const text of [
      '0.30000000000000004',
      '12345678901234567.5',
      '-0.1234567890123456789',
      '1.7976931348623157e308',
    ])
      expect(value(`[${text}]`)).toEqual([Number(text)]);
    expect(value('[1e0000000000000000000005, 5E-0000000000000000001]')).toEqual([1e5, 0.5]);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        fc.pre(!Number.isInteger(number) || Number.isSafeInteger(number));
        expect(value(`{"n":${JSON.stringify(number)}}`)).toEqual({ n: number === 0 ? 0 : number });
      }),
      { numRuns: runs(5000) },
    );
  });

  it('keeps an integer beyond 2^53 as its digits, and never touches digits inside a text', () => {
    expect(value('{"id":9007199254740993,"note":"9007199254740993 \\" 9007199254740995"}')).toEqual({
      id: '9007199254740993',
      note: '9007199254740993 " 9007199254740995',
    });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.string(), (id, text) => {
        fc.pre(!text.includes('\0'));
        const isSafe = Number.isSafeInteger(Number(id));
        const read = value(`{"id":${id},"text":${JSON.stringify(text)}}`);
        expect(read).toEqual({ id: isSafe ? Number(id) : String(id), text });
      }),
      { numRuns: runs(2000) },
    );
  });

  it.each([
    ['{"a":', '$ is not JSON'],
    ['', '$ is not JSON'],
    ['{"a":"x\\u0000y"}', '$.a contains a NUL character'],
    ['{"a":["x",{"b\\u0000":1}]}', '$.a[1].b? contains a NUL character'],
    ['{"a":"\\ud83d"}', '$.a contains half of a surrogate pair, which is not text'],
    ['{"\\udc00":1}', '$.\ufffd contains half of a surrogate pair, which is not text'],
    ['{"a":[1,1e400]}', '$.a[1] is a number too large to keep'],
    [`${'['.repeat(10_000)}${']'.repeat(10_000)}`, '$ nests deeper than 64 levels'],
    ['{"a":'.repeat(10_000), '$ nests deeper than 64 levels'],
  ])('names what is wrong, and where (%#)', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('refuses bytes that are no UTF-8, a raw surrogate among them', () => {
    const raw = new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]);
    expect(parseJson(raw)).toEqual({ ok: false, fault: { path: '$', message: 'is not valid UTF-8' } });
  });

  it('does not count brackets inside texts', () => {
    expect(value(JSON.stringify({ a: `${'['.repeat(500)}\\"${'{'.repeat(500)}` }))).toEqual({
      a: `${'['.repeat(500)}\\"${'{'.repeat(500)}`,
    });
  });

  it('answers in time that grows with the length alone, whatever was written to slow it down', () => {
    const size = 50_000;
    const hostile = [
      `"${'\\"'.repeat(size)}`,
      `[${'"'.repeat(size)}`,
      `{"a":"${'\\\\'.repeat(size)}`,
      '1'.repeat(2 * size),
      `-${'0'.repeat(2 * size)}x`,
      `${'[1,'.repeat(size)}`,
      `["${'a'.repeat(2 * size)}"]`,
      `[${'9007199254740993,'.repeat(size / 10)}1]`,
      `{"${'k'.repeat(8 * size)}":{${Array.from({ length: size }, (_, i) => `"${i}":0`)}}}`,
    ];
    for (const text of hostile) {
      const started = performance.now();
      parse(text);
      expect(performance.now() - started, text.slice(0, 12)).toBeLessThan(2000);
    }
  });

  it('sets no prototype, whatever a key is called', () => {
    const read = value('{"__proto__":{"admin":true},"constructor":{"prototype":1}}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(Object(read))).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });
});
