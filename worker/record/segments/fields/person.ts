import { ASSURANCES, assuranceRank, PROFILE_FIELDS, type ProfileField } from '../../../../schema/customer.ts';
import { normaliseEmail, normalisePhone } from '../../../../schema/identifiers.ts';
import { NAMING_KINDS } from '../../numbers.ts';
import { textIsOneOf } from '../conditions.ts';
import type { Field } from '../field.ts';
import { manyTexts, textField } from '../shapes.ts';
import { standing } from '../standing.ts';

const PROFILE_HELP: Readonly<Record<Exclude<ProfileField, 'name'>, readonly [help: string, example: string]>> = {
  language: ['The language they use, as a code.', 'language = "de"'],
  country: ['The country they live in, as sources write it.', 'country = "DE"'],
  city: ['The town they live in.', 'city = "Sofia"'],
  company: ['The company they belong to.', 'company contains "GmbH"'],
};

const profileField = (name: Exclude<ProfileField, 'name'>): Field =>
  textField(
    {
      name,
      aliases: name === 'city' ? ['town'] : [],
      title: `${name[0]?.toUpperCase()}${name.slice(1)}`,
      help: PROFILE_HELP[name][0],
      example: PROFILE_HELP[name][1],
      group: 'Who they are',
    },
    (sql) => standing(name, sql),
  );

const THEIR_IDENTIFIERS = (kind: string, condition: string): string =>
  `EXISTS (SELECT 1 FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id AND +i.kind = '${kind}'
    WHERE f.customer_id = c.id AND ${condition})`;

/** An address or a number: a whole one is found by the index of identifiers, in its normal form. */
function identifierField(field: Field, kind: string, normalise: (value: string) => string | null): Field {
  const holders = (value: string): string =>
    `c.id IN (SELECT f.customer_id FROM identifier i CROSS JOIN fragment f ON f.id = i.fragment_id
      WHERE i.kind = '${kind}' AND i.value = ${value})`;
  return {
    ...field,
    condition: (test, argument, sql) =>
      test.is === 'compare' && test.value.type === 'text'
        ? holders(sql.bind(normalise(test.value.value) ?? test.value.value))
        : field.condition(test, argument, sql),
  };
}

const BEST_ASSURANCE = `(SELECT max(i.assurance) FROM fragment f CROSS JOIN identifier i ON i.fragment_id = f.id
  WHERE f.customer_id = c.id AND +i.kind IN (${NAMING_KINDS}))`;

export const personFields: readonly Field[] = [
  textField(
    {
      name: 'name',
      aliases: ['display name'],
      title: 'Name',
      help: 'The name the record is shown under; an address where no name is known.',
      example: 'name contains "Ann"',
      group: 'Who they are',
    },
    'c.display_name',
  ),
  identifierField(
    manyTexts(
      {
        name: 'email',
        aliases: ['e-mail', 'email address', 'mail'],
        title: 'E-mail',
        help: 'Any of their e-mail addresses, claimed ones as well.',
        example: 'email ends with "@example.com"',
        group: 'Who they are',
      },
      'i.value',
      (condition) => THEIR_IDENTIFIERS('email', condition),
    ),
    'email',
    normaliseEmail,
  ),
  identifierField(
    manyTexts(
      {
        name: 'phone',
        aliases: ['telephone', 'phone number', 'mobile'],
        title: 'Telephone',
        help: 'Any of their telephone numbers, with the code of the country.',
        example: 'has phone',
        group: 'Who they are',
      },
      'i.value',
      (condition) => THEIR_IDENTIFIERS('phone', condition),
    ),
    'phone',
    normalisePhone,
  ),
  ...PROFILE_FIELDS.filter((field) => field !== 'name').map(profileField),
  {
    name: 'assurance',
    aliases: ['identifier assurance', 'identity'],
    title: 'Assurance',
    help: 'How surely it is known who they are, by their best identifier.',
    example: 'assurance = verified',
    group: 'Who they are',
    kind: 'choice',
    choices: ASSURANCES,
    condition: (test, _argument, sql) => {
      const asked = test.is === 'compare' ? [test.value] : test.is === 'in' ? test.values : [];
      if (test.is === 'known') return `${BEST_ASSURANCE} IS NOT NULL`;
      const ranks = ASSURANCES.filter((name) =>
        asked.some((literal) => literal.type === 'text' && literal.value === name),
      );
      const wanted = JSON.stringify(ranks.map(assuranceRank));
      return `${BEST_ASSURANCE} IN (SELECT value FROM json_each(${sql.bind(wanted)}))`;
    },
  },
  {
    name: 'source',
    aliases: ['came by', 'sources'],
    title: 'Source',
    help: 'A source that knows them, by its name or its kind.',
    example: 'source "Shop"',
    group: 'Who they are',
    kind: 'set',
    isAlwaysKnown: true,
    condition: (_test, argument, sql) => {
      const texts = [argument ?? ''];
      return `EXISTS (SELECT 1 FROM fragment f CROSS JOIN source s ON s.id = f.source_id
        WHERE f.customer_id = c.id AND (${textIsOneOf('s.name', texts, sql)} OR ${textIsOneOf('s.kind', texts, sql)}))`;
    },
  },
];
