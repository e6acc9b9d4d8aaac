import type { Argument } from '../record/identity/compare.ts';
import { kindName } from './components/identity.tsx';
import { codeName } from './who/words.ts';

const at = (place: string | null): string => (place === null ? '' : ` (${place})`);

const PLURALS: Readonly<Record<string, string>> = {
  name: 'names',
  country: 'countries',
  city: 'towns',
  company: 'companies',
  language: 'languages',
};

/** What speaks for one person behind two records, or against, in a sentence. */
export function argumentSentence(argument: Argument): string {
  switch (argument.says) {
    case 'same_value':
      return `Both have the ${kindName(argument.kind).toLowerCase()} ${argument.value}${argument.isProven ? '.' : ', though one side only says so.'}`;
    case 'same_mailbox':
      return `Their e-mail addresses may be one mailbox, written differently: ${argument.values.join(' and ')}.`;
    case 'same_name':
      return `Both are called ${argument.value}.`;
    case 'similar_name':
      return `Their names are alike: ${argument.values.join(' and ')}.`;
    case 'same_field':
      return `Both ${argument.field === 'city' ? 'live in' : 'are with'} ${argument.value}.`;
    case 'same_address':
      return `Both have the same postal address${at(argument.place)}${argument.isProven ? '.' : ', though one side only says so.'}`;
    case 'same_home':
      return `Both have the same postal address${at(argument.place)} ${argument.name === null ? 'under other names' : `and the name ${argument.name}`}: they may live together.`;
    case 'differing_id':
      return `${argument.sourceName} knows them under two ids: ${argument.values.join(' and ')}.`;
    case 'differing_field':
      return `Their ${PLURALS[argument.field] ?? argument.field} differ: ${argument.values.map((value) => codeName(argument.field, value) ?? value).join(' and ')}.`;
  }
}
