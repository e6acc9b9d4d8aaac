import { renderToString } from 'preact-render-to-string';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { QuestionKind } from '../../schema/question.ts';
import { questionKinds } from '../../schema/questions.gen.ts';
import { catalogues } from '../../widgets/locales/catalogues.ts';
import { textOf } from '../../widgets/locales/text.ts';
import { questionViews } from '../../worker/surveys/question-views.gen.ts';

const text = textOf(catalogues.en);
const range = ({ min, max }: { min: number; max: number }) => Array.from({ length: max - min + 1 }, (_, i) => min + i);

function drawn(kind: QuestionKind, props: { value?: string | number; error?: string } = {}): string {
  const view = questionViews[kind.kind];
  if (!view) throw new Error(`no view for ${kind.kind}`);
  return renderToString(
    view({ id: 'q1', name: 'first', value: null, text, legend: 'How <was> it?', required: true, ...props }),
  );
}

describe.each(questionKinds.map((kind) => [kind.kind, kind] as const))('question kind %s', (name, kind) => {
  test('its file is named after it and every language words it', () => {
    expect(questionViews[name]).toBeDefined();
    for (const catalogue of Object.values(catalogues)) expect(catalogue[`${name}.question`]).toBeTruthy();
  });

  test('its sample is understood and its counter-example refused', () => {
    const { valid, invalid } = kind.sample;
    expect(v.safeParse(kind.schema, valid).success).toBe(true);
    expect(v.safeParse(kind.schema, invalid).success).toBe(false);
  });

  test('an answer has a score on its scale or words, as the kind says', () => {
    const value = v.parse(kind.schema, kind.sample.valid);
    const score = kind.score(value as never);
    if (kind.scale) {
      expect(score).toBeGreaterThanOrEqual(kind.scale.min);
      expect(score).toBeLessThanOrEqual(kind.scale.max);
    } else expect(kind.text(value as never)).toBeTruthy();
    expect(kind.summarise === null).toBe(kind.scale === null);
  });

  test('the worst answer asks for attention and the best does not', () => {
    if (!kind.scale) return;
    expect(kind.isUnhappy(kind.scale.min)).toBe(true);
    expect(kind.isUnhappy(kind.scale.max)).toBe(false);
  });

  test('its summary holds the estimate within the interval', () => {
    if (!kind.scale || !kind.summarise) return;
    for (const score of range(kind.scale)) {
      const { n, estimate, low, high } = kind.summarise([
        { score, count: 4 },
        { score: kind.scale.max, count: 2 },
      ]);
      expect(n).toBe(6);
      expect(low).toBeLessThanOrEqual(estimate ?? Number.NaN);
      expect(high).toBeGreaterThanOrEqual(estimate ?? Number.NaN);
      expect(low).toBeLessThan(high ?? Number.NaN);
    }
  });

  test('a form without scripts posts an answer the kind understands', () => {
    const html = drawn(kind);
    expect(html).toContain('name="first"');
    expect(html).toContain('How &lt;was> it?');
    expect(html).not.toContain('style=');
    if (!kind.scale) return;
    const offered = [...html.matchAll(/<input[^>]* value="(\d+)"/g)].map(([, value]) => v.parse(kind.schema, value));
    expect(offered).toEqual(range(kind.scale));
  });

  test('nothing is chosen beforehand, and what was answered comes back', () => {
    expect(drawn(kind)).not.toContain('checked');
    const html = drawn(kind, { value: String(kind.sample.valid) });
    if (kind.scale) expect(html.match(/checked/g)).toHaveLength(1);
    else expect(html).toContain(String(kind.sample.valid));
  });

  test('a mistake is named and tied to the field', () => {
    const html = drawn(kind, { error: 'Please choose.' });
    expect(html).toContain('aria-describedby="q1-error"');
    expect(html).toMatch(/id="q1-error"[^>]*>Please choose\./);
  });
});

const byName = (name: string): QuestionKind => {
  const kind = questionKinds.find((candidate) => candidate.kind === name);
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
};

test.each([
  ['nps', 6],
  ['csat', 2],
  ['ces', 3],
  ['smileys', 2],
])('%s: unhappy up to %i, and no further', (name, limit) => {
  expect(byName(name).isUnhappy(limit)).toBe(true);
  expect(byName(name).isUnhappy(limit + 1)).toBe(false);
});

test.each(['', ' ', '3.5', '1e0', 'NaN', '-1', '0x5', 3.5, Number.NaN, Number.POSITIVE_INFINITY, null, true, [4]])(
  'a scale refuses %j',
  (raw) => expect(v.safeParse(byName('nps').schema, raw).success).toBe(false),
);

test('a comment is trimmed, may be empty and has an end', () => {
  const { schema, text: words } = byName('comment');
  expect(v.parse(schema, '  fine \n')).toBe('fine');
  expect(words('' as never)).toBeNull();
  expect(v.safeParse(schema, 'x'.repeat(5001)).success).toBe(false);
});

test('the words of both ends belong to the first and the last choice', () => {
  const html = drawn(byName('nps'));
  expect(html).toMatch(/value="0"[^>]*aria-describedby="q1-low"/);
  expect(html).toMatch(/value="10"[^>]*aria-describedby="q1-high"/);
});

test('every smiley has a name', () => {
  const html = drawn(byName('smileys'));
  for (const score of [1, 2, 3, 4, 5]) expect(html).toContain(catalogues.en[`smileys.${score}`]);
});
