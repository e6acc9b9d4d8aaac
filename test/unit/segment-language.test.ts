import { describe, expect, it } from 'vitest';
import { Arguments } from '../../worker/platform/arguments.ts';
import { compileRule } from '../../worker/record/segments/compile.ts';
import { fields, segmentWords } from '../../worker/record/segments/fields.ts';
import { parseRule } from '../../worker/record/segments/language.ts';
import { printRule } from '../../worker/record/segments/print.ts';
import { type Rule, testsOf } from '../../worker/record/segments/rule.ts';
import { fc, runs } from '../support/chance.ts';

const parsed = (text: string): Rule => {
  const result = parseRule(text, segmentWords);
  if (!result.ok) throw new Error(`${text}: ${result.errors[0].message}`);
  return result.rule;
};
const fieldNames = (rule: Rule): readonly string[] => [...new Set(testsOf(rule).map(({ field }) => field))];
const canonical = (text: string): string => printRule(parsed(text));
const messageOf = (text: string): string => {
  const result = parseRule(text, segmentWords);
  return result.ok ? `is a rule: ${printRule(result.rule)}` : result.errors[0].message;
};

describe('a rule of segments', () => {
  it('is read as people write it', () => {
    const written = [
      [
        'orders > 2 and nps <= 6 and last touchpoint before 90 days',
        'orders > 2 and nps <= 6 and last touchpoint before 90 days',
      ],
      ['ORDERS>2 AND (NPS<=6 OR csat < 3)', 'orders > 2 and (nps <= 6 or csat < 3)'],
      ['orders more than 2 && orders is at most 9', 'orders > 2 and orders <= 9'],
      ['last contact more than 3 weeks ago', 'last touchpoint before 3 weeks'],
      ['last_order in the last 30 days', 'last order within 30 days'],
      ['last order after 30 days ago', 'last order within 30 days'],
      ['first contact on 2026-03-01', 'first touchpoint on 2026-03-01'],
      ['revenue > €99.5', 'revenue > 99.50 EUR'],
      ['revenue >= JPY 1200', 'revenue >= 1200 JPY'],
      ['country is de', 'country = "de"'],
      ['country is not “DE”', 'country != "DE"'],
      ['country in (DE, "AT")', 'country in ("DE", "AT")'],
      ['country not in (DE)', 'not country in ("DE")'],
      ['has phone', 'phone known'],
      ['not has phone', 'phone unknown'],
      ['company is unknown', 'company unknown'],
      ['email ends "@example.com"', 'email ends with "@example.com"'],
      ['name not contains Bo', 'not name contains "Bo"'],
      ['has bought "Green tea"', 'bought "Green tea"'],
      ['bought "a \\"big\\" mug" within 6 months', 'bought "a \\"big\\" mug" within 6 months'],
      ['source in (Shop, Site)', 'source "Shop" or source "Site"'],
      ['source is not Shop', 'not source "Shop"'],
      ['channel used Phone', 'used "phone"'],
      ['open attention is no', 'not open attention'],
      ['not not open attention', 'open attention'],
      ['x.shoe_size at least 42', 'x.shoe_size >= 42'],
      ['tagged in (VIP, Press)', 'tag "VIP" or tag "Press"'],
      ['may email for marketing', 'may email for "marketing"'],
      ['((orders > 1))', 'orders > 1'],
      ['orders > 1 and (answers > 1 and touchpoints > 1)', 'orders > 1 and answers > 1 and touchpoints > 1'],
    ] as const;
    for (const [text, expected] of written) expect(canonical(text), text).toBe(expected);
  });

  it('says what would be right', () => {
    const wrong = [
      ['', 'Write a rule, for example: orders > 2'],
      ['oders > 2', 'There is no field "oders". Did you mean "orders"?'],
      ['last tuchpoint before 2 days', 'There is no field "last". Did you mean "last touchpoint"?'],
      ['orders >', 'Expected a number after "orders >".'],
      ['orders > many', 'Expected a number after "orders >".'],
      ['orders', '"orders" is a number. Write it like: orders > 2'],
      ['orders contains 2', '"orders" is a number. Write it like: orders > 2'],
      ['orders known', '"orders" is always known. Write it like: orders > 2'],
      ['name > 3', '"name" is a text. Write it like: name contains "Ann"'],
      ['revenue > 100', 'Say the currency after "revenue > 100", such as 100 EUR.'],
      ['revenue > 1.005 EUR', 'EUR has no coin that small.'],
      ['last order > 3', '"last order" is a time. Write it like: last order before 6 months'],
      ['last order before 90', 'Expected "days" after "last order before 90".'],
      ['last order before 2026-02-30', 'There is no day 2026-02-30.'],
      ['orders > 2 nps < 3', 'Expected "and", "or" or the end of the rule here.'],
      ['(orders > 2', 'Expected "and", "or" or a closing parenthesis here.'],
      ['name is "Ann', 'The text that begins here has no closing quote.'],
      ['used "fone"', '"fone" is no value of "used". Did you mean "phone"?'],
      ['assurance = sure', '"sure" is no value of "assurance". It can be claimed, asserted, verified.'],
      ['orders > 2; drop table customer', '";" has no meaning here. Texts stand between quotes.'],
      ['bought', 'Expected which one, as in: bought "Green tea" within 6 months, after "bought".'],
      ['occasion birthday before 3 days', 'Write it like: occasion "birthday" within 7 days'],
      ['orders > 99999999999999', 'This number is too great or too fine.'],
    ] as const;
    for (const [text, message] of wrong) expect(messageOf(text), text).toBe(message);
  });

  it('points to the place', () => {
    const result = parseRule('orders > 2 and oders < 3', segmentWords);
    expect(result).toMatchObject({ ok: false, errors: [{ from: 15, to: 20 }] });
  });

  it('has limits: length, things asked, depth', () => {
    expect(messageOf(`name is "${'a'.repeat(2000)}"`)).toContain('2000 characters');
    expect(messageOf(Array(31).fill('orders>1').join(' or '))).toContain('30 things');
    expect(messageOf(`${'('.repeat(500)}orders > 1`)).toContain('deep');
    expect(messageOf(`${'not '.repeat(400)}orders > 1`)).toContain('deep');
  });

  it('tells its fields by their own names', () => {
    expect(fieldNames(parsed('purchases > 1 and not (last contact before 2 days or orders < 9)'))).toEqual([
      'orders',
      'last touchpoint',
    ]);
  });

  it('shows a valid example of each field, and no two fields share a name', () => {
    for (const { name, example } of fields) expect(fieldNames(parsed(example)), example).toEqual([name]);
    const names = fields.flatMap((field) => [field.name, ...field.aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('prints what reads back as the same rule, for every rule there is', () => {
    fc.assert(
      fc.property(ruleTexts(), (text) => {
        const rule = parsed(text);
        expect(parsed(printRule(rule))).toEqual(rule);
        expect(canonical(printRule(rule))).toBe(printRule(rule));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('throws at no input, and always says what is wrong with it', () => {
    const pieces = fc.constantFrom(
      ...segmentWords.names,
      ...'and or not in is has before within ( ) , > <= "a" \'b 3 90 days 100 EUR 2026-03-01 “ \\ \u0000 \ud800 ’ €'.split(
        ' ',
      ),
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(pieces, { maxLength: 300 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = parseRule(text, segmentWords);
        if (!result.ok) expect(result.errors[0].message).not.toBe('');
      }),
      { numRuns: runs(1000) },
    );
  });

  it('puts no text of a rule into the SQL, whatever it says', () => {
    const texts = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() !== '' && !text.includes('\u0000'));
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('name =', 'name contains', 'bought', 'happened', 'source', 'email ends with', 'country ='),
        (text, field) => {
          const harmless = new Arguments();
          const args = new Arguments();
          const quoted = `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
          expect(compileRule(parsed(`${field} ${quoted}`), args, 0)).toBe(
            compileRule(parsed(`${field} "a"`), harmless, 0),
          );
          expect(args.values).toHaveLength(harmless.values.length);
        },
      ),
    );
  });
});

/** Texts of rules over all fields, with all that can be asked. */
function ruleTexts(): fc.Arbitrary<string> {
  const quoted = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => text.trim() !== '' && !text.includes('\u0000'))
    .map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`);
  const number = fc.oneof(
    fc.integer({ min: -1e9, max: 1e9 }).map(String),
    fc.integer({ min: 0, max: 99_999 }).map((n) => (n / 100).toFixed(2)),
  );
  const comparator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
  const day = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const ago = fc
    .tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom('hours', 'days', 'weeks', 'months', 'years'))
    .map((both) => both.join(' '));
  const time = fc
    .oneof(
      fc.tuple(fc.constantFrom('before', 'after', 'since', 'on'), day),
      fc.tuple(fc.constantFrom('before', 'within', 'after'), ago),
    )
    .map((both) => both.join(' '));
  const how = (field: (typeof fields)[number]): fc.Arbitrary<string> => {
    const about = field.choices ? fc.constantFrom(...field.choices) : quoted;
    const known = field.isAlwaysKnown ? [] : [fc.constantFrom('known', 'unknown')];
    switch (field.kind) {
      case 'number':
        return fc.oneof(
          ...known,
          fc.tuple(comparator, number).map((both) => both.join(' ')),
        );
      case 'money':
        return fc.oneof(
          ...known,
          fc.tuple(comparator, number, fc.constantFrom('EUR', 'USD')).map((all) => all.join(' ')),
        );
      case 'time':
        return fc.oneof(...known, field.times ? fc.constantFrom('within 3 days', 'on 2026-03-14') : time);
      case 'set':
        return fc.oneof(...known, about);
      case 'event':
        if (field.times)
          return fc.oneof(
            about,
            about.map((text) => `${text} within 3 days`),
          );
        return fc.oneof(
          ...known,
          about,
          fc.tuple(about, time).map((both) => both.join(' ')),
        );
      case 'yes-no':
        return fc.constantFrom('', 'is yes', 'is no');
      case 'choice':
        return fc.oneof(
          ...known,
          about.map((text) => `is ${text}`),
        );
      default:
        return fc.oneof(
          ...known,
          fc
            .tuple(fc.constantFrom('=', '!=', 'contains', 'starts with', 'ends with', 'not contains'), quoted)
            .map((both) => both.join(' ')),
        );
    }
  };
  const test = fc.constantFrom(...fields).chain((field) => how(field).map((rest) => `${field.name} ${rest}`));
  const { rule } = fc.letrec<{ rule: string }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3 },
      test,
      fc.tuple(tie('rule'), fc.constantFrom('and', 'or'), tie('rule')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      tie('rule').map((inner) => `not (${inner})`),
    ),
  }));
  return rule.filter((text) => text.length < 1900);
}
