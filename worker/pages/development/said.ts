import type { Runtime } from '../../platform/env.ts';
import { customersByIdentifier } from '../../record/customers.ts';
import type { NewEdit } from '../../record/edits.ts';
import { defineField } from '../../record/own-fields/define.ts';
import { say } from '../../record/say.ts';
import { DAY } from './history/happening.ts';
import type { Person } from './people.ts';

const BY = { actor: 'staff', reason: 'Said so on the phone' } as const;

/** What the demo's staff know of some of their customers; days are told from `now`, so that some come round soon. */
const wordsOf = (now: number): readonly (readonly NewEdit[])[] => {
  const inDays = (days: number) => new Date(now + days * DAY).toISOString().slice(5, 10);
  return [
    [
      { field: 'occasion:birthday', value: `1984-${inDays(3)}` },
      { field: 'x:favourite', value: 'green' },
      { field: 'tag:regular', value: '1' },
      { field: 'channel', value: 'phone' },
    ],
    [
      { field: 'occasion:birthday', value: inDays(9) },
      { field: 'x:favourite', value: 'oolong' },
      { field: 'tag:regular', value: '1' },
      { field: 'relationship', value: 'personal_assistance' },
    ],
    [
      { field: 'party', value: 'partner' },
      { field: 'tag:wholesale', value: '1' },
      { field: 'relationship', value: 'long_term' },
    ],
  ];
};

/** A field of the shop's own, and what staff wrote down of three people. */
export async function writeSaid(runtime: Runtime, people: readonly Person[]): Promise<void> {
  const choices = ['green', 'black', 'oolong'];
  await defineField(runtime, {
    key: 'favourite',
    label: 'Favourite tea',
    kind: 'choice',
    choices,
    isArchived: false,
    filledFrom: ['Favourite tea'],
  });
  for (const [index, words] of wordsOf(runtime.clock.now()).entries()) {
    const [customer] = await customersByIdentifier(runtime.db, 'email', people[index * 3]?.email ?? '', 1);
    if (customer) await say(runtime, customer.id, words, BY);
  }
}
