import { questionKinds } from '../../../../schema/questions.gen.ts';
import { numberIs } from '../conditions.ts';
import type { Field } from '../field.ts';
import { numberField, timeField } from '../shapes.ts';

const THEIR_ANSWERS = 'fragment f CROSS JOIN answer a ON a.fragment_id = f.id WHERE f.customer_id = c.id';

/** Their latest score of a kind, as the record shows it: of two at one time the lower. */
const latest = (kind: string): string =>
  `(SELECT a.score FROM ${THEIR_ANSWERS} AND a.kind = '${kind}' ORDER BY a.occurred_at DESC, a.score LIMIT 1)`;

/** Those who ever gave an answer of a kind that fits, by the index of answers: whose latest does is among them. */
const givers = (kind: string, condition: string): string =>
  `c.id IN (SELECT f.customer_id FROM answer a CROSS JOIN fragment f ON f.id = a.fragment_id WHERE a.kind = '${kind}' AND ${condition})`;

const scored = questionKinds.filter(({ scale }) => scale !== null);

const scoreField = (kind: string, min: number, max: number): Field => ({
  name: kind,
  aliases: [`${kind} score`, `latest ${kind}`, `last ${kind}`],
  title: kind.length <= 4 ? kind.toUpperCase() : kind[0]?.toUpperCase() + kind.slice(1),
  help: `Their latest ${kind.length <= 4 ? kind.toUpperCase() : kind} score, ${min} to ${max}.`,
  example: `${kind} <= ${Math.floor((min + max) / 2)}`,
  group: 'What they say',
  kind: 'number',
  condition: (test, _argument, sql) => {
    if (test.is === 'known') return givers(kind, '1');
    const score = latest(kind);
    return `(${givers(kind, numberIs('a.score', test, sql))} AND ${numberIs(score, test, sql)})`;
  },
});

export const answerFields: readonly Field[] = [
  ...scored.map(({ kind, scale }) => scoreField(kind, scale?.min ?? 0, scale?.max ?? 0)),
  numberField(
    {
      name: 'answers',
      aliases: ['answer count', 'scores given'],
      title: 'Answers',
      help: 'How many questions they answered with a score.',
      example: 'answers > 1',
      group: 'What they say',
      isAlwaysKnown: true,
    },
    `(SELECT count(*) FROM ${THEIR_ANSWERS})`,
  ),
  timeField(
    {
      name: 'last answer',
      aliases: ['latest answer', 'last answered'],
      title: 'Last answer',
      help: 'When they last answered a question with a score.',
      example: 'last answer within 30 days',
      group: 'What they say',
    },
    `(SELECT max(a.occurred_at) FROM ${THEIR_ANSWERS})`,
  ),
];
