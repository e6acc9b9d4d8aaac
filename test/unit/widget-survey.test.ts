import * as v from 'valibot';
import { expect, test } from 'vitest';
import { SiteMessage } from '../../schema/survey.ts';
import { answersOf } from '../../widgets/survey/draft.ts';
import { scoreOfDigit } from '../../widgets/survey/fields.tsx';
import { identityOf, randomId } from '../../widgets/survey/message.ts';

const questions = [{ id: 'nps' }, { id: 'why' }];

test('answers are sent in the order of the questions, without what was left open', () => {
  expect(answersOf({ id: 'x', step: 1, answers: { why: 'good', nps: 0 } }, questions)).toEqual([
    { question: 'nps', value: 0 },
    { question: 'why', value: 'good' },
  ]);
  expect(answersOf({ id: 'x', step: 1, answers: { why: ' \n', gone: 3, nps: 7 } }, questions)).toEqual([
    { question: 'nps', value: 7 },
  ]);
});

test.each([
  ['', '7', 7],
  ['1', '0', 10],
  ['1', '5', 5],
  ['0', '3', 3],
  ['', 'a', null],
  ['1', ' ', null],
])('on 0 to 10, %j then %j means %j', (earlier, digit, score) => {
  expect(scoreOfDigit(earlier, digit, 0, 10)).toBe(score);
});

test('a digit outside the scale chooses nothing', () => {
  expect(scoreOfDigit('', '0', 1, 5)).toBeNull();
  expect(scoreOfDigit('1', '0', 1, 5)).toBeNull();
});

test('an identity is kept as text, within the limits, and beside it plain traits as they are', () => {
  const given = { userId: 42, email: 'a@b.c', plan: 'gold', seats: 3, vip: true, phone: null, name: '' };
  expect(identityOf({ ...given, address: { city: 'Sofia' }, tags: ['a'], size: NaN, note: 'n'.repeat(999) })).toEqual({
    userId: '42',
    email: 'a@b.c',
    traits: { plan: 'gold', seats: 3, vip: true, note: 'n'.repeat(200) },
  });
  expect(identityOf({ userId: null })).toBeUndefined();
  const many = Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`trait ${n}`, n]));
  expect(Object.keys(identityOf(many)?.traits ?? {})).toHaveLength(20);
});

test('whatever a page says of a person, the server understands the message', () => {
  const identity = identityOf({
    userId: 'u'.repeat(999),
    phone: '1'.repeat(99),
    name: 'n'.repeat(999),
    token: 't'.repeat(9999),
  });
  const message = {
    visitor: randomId(),
    locale: 'en',
    page: { url: 'https://shop.example/', title: '', referrer: '' },
    identity,
    events: [
      {
        id: randomId(),
        at: Date.now(),
        type: 'survey_answered',
        survey: 'default',
        answers: [{ question: 'nps', value: 9 }],
      },
    ],
  };
  expect(v.safeParse(SiteMessage, message).issues).toBeUndefined();
});

test('ids are random UUIDs', () => {
  const ids = Array.from({ length: 200 }, randomId);
  expect(new Set(ids).size).toBe(200);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
