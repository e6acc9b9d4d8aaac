import { type GroupKind, members } from '../../groups/members.ts';
import { nameKey } from '../../groups/names.ts';
import type { Field } from '../field.ts';
import { yesField } from '../shapes.ts';

/** Members of the groups that a SELECT of id and public_id gives. */
const membersOf = (kind: GroupKind, groups: string): string =>
  `c.id IN (WITH ${members(kind, groups)} SELECT customer_id FROM member)`;

const ORGANISATIONS = 'SELECT o.id, o.public_id FROM organisation o WHERE o.deleted_at IS NULL';

export const groupFields: readonly Field[] = [
  {
    name: 'organisation',
    aliases: ['organization', 'member of', 'works for'],
    title: 'Organisation',
    help: 'An organisation they belong to, by its name; “organisation known” takes in the members of any.',
    example: 'organisation "Acme"',
    group: 'Who they are',
    kind: 'set',
    condition: (_test, argument, sql) =>
      membersOf(
        'organisation',
        argument === null ? ORGANISATIONS : `${ORGANISATIONS} AND o.name_key = ${sql.bind(nameKey(argument))}`,
      ),
  },
  yesField(
    {
      name: 'in a household',
      aliases: ['household', 'lives with others'],
      title: 'In a household',
      help: 'They live together with somebody who is known.',
      example: 'in a household',
      group: 'Who they are',
      isAlwaysKnown: true,
    },
    membersOf('household', 'SELECT h.id, h.public_id FROM household h'),
  ),
];
