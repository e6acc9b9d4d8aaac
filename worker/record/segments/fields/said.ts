import { PARTIES, RELATIONSHIPS, WISH_CHANNELS } from '../../../../schema/vocabulary.ts';
import { stands } from '../../standing.ts';
import { numberIs, textIs, timeIs } from '../conditions.ts';
import type { Field, Sql } from '../field.ts';
import type { Test } from '../rule.ts';
import { choiceField } from '../shapes.ts';
import { standing } from '../standing.ts';

/** Those whose tag it is, by the index of what staff say. */
const tagged = (tag: string): string =>
  `c.id IN (SELECT t.customer_id FROM edit e CROSS JOIN fragment t ON t.id = e.fragment_id
    WHERE e.field = ${tag} AND e.value = '1' AND ${stands('t.customer_id')})`;

/** Those whom a member of staff with one of the names looks after. */
const ownedBy = (names: string): string => `c.owner IN (SELECT m.public_id FROM staff_member m WHERE ${names})`;

/** A number that is kept as text; null where the text is none. */
const asNumber = (text: string): string =>
  `(SELECT CASE WHEN v GLOB '*[0-9]*' AND v NOT GLOB '*[^0-9.-]*' THEN CAST(v AS REAL) END FROM (SELECT ${text} AS v))`;

/** The first moment of a day that is kept as text, epoch ms; null where the text is none. */
const asTime = (text: string): string =>
  `(SELECT CASE WHEN v GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' THEN unixepoch(v) * 1000 END FROM (SELECT ${text} AS v))`;

const isNumber = (test: Test): boolean =>
  (test.is === 'compare' && test.value.type === 'number') ||
  (test.is === 'in' && test.values.every(({ type }) => type === 'number'));

/** What staff say of a person, and the fields that the business has made up itself. */
export const saidFields: readonly Field[] = [
  choiceField(
    {
      name: 'party',
      aliases: ['kind of party'],
      title: 'Party',
      help: `What they are to the business: ${PARTIES.join(', ')}.`,
      example: 'party = prospect',
      group: 'Who they are',
      isAlwaysKnown: true,
    },
    PARTIES,
    'c.party',
  ),
  choiceField(
    {
      name: 'relationship',
      aliases: ['relationship kind', 'kind of relationship'],
      title: 'Relationship',
      help: `What kind of relationship it is: ${RELATIONSHIPS.join(', ')}.`,
      example: 'relationship unknown',
      group: 'Who they are',
    },
    RELATIONSHIPS,
    'c.relationship',
  ),
  choiceField(
    {
      name: 'wished channel',
      aliases: ['channel wish', 'wishes'],
      title: 'Wished channel',
      help: `How they wish to be reached: ${WISH_CHANNELS.join(', ')}.`,
      example: 'wished channel = phone',
      group: 'Who they are',
    },
    WISH_CHANNELS,
    (sql) => standing('channel', sql),
  ),
  {
    name: 'owner',
    aliases: ['looked after by', 'account manager'],
    title: 'Owner',
    help: 'Who looks after them, by the name of the member of staff.',
    example: 'owner unknown',
    group: 'Who they are',
    kind: 'text',
    condition: (test, _argument, sql) =>
      test.is === 'known' ? 'c.owner IS NOT NULL' : ownedBy(textIs('m.name', test, sql)),
  },
  {
    name: 'tag',
    aliases: ['tagged', 'tags'],
    title: 'Tag',
    help: 'A tag that staff have given them.',
    example: 'tag "vip"',
    group: 'Who they are',
    kind: 'set',
    isAlwaysKnown: true,
    condition: (_test, argument, sql) => tagged(sql.bind(`tag:${(argument ?? '').toLowerCase()}`)),
  },
];

/** A field of the business's own, `x.size`; any key will do, so that a rule outlives a field that is not asked for any more. */
export function customField(name: string): Field | undefined {
  const key = /^x\.([a-z][a-z0-9_]{0,39})$/.exec(name)?.[1];
  if (key === undefined) return undefined;
  const value = (sql: Sql): string => standing(`x:${key}`, sql);
  return {
    name,
    aliases: [],
    title: key,
    help: 'A field of your own.',
    example: `${name} = "a"`,
    group: 'Who they are',
    kind: 'any',
    condition: (test, _argument, sql) => {
      if (test.is === 'time') return timeIs(asTime(value(sql)), test, sql);
      return isNumber(test) ? numberIs(asNumber(value(sql)), test, sql) : textIs(value(sql), test, sql);
    },
  };
}
