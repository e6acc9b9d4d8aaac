import type { CustomField } from '../../../schema/custom-field.ts';
import type { Field } from './field.ts';
import { customField } from './fields/said.ts';
import { segmentWords } from './fields.ts';
import { MAX_NAME_WORDS, RESERVED, type Vocabulary } from './words.ts';

/** The fields that a business has made up itself, as words of rules. What is saved says `x.<key>`, whatever they are called later. */

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** A test of a field as its kind is asked. */
export function exampleOf({ key, kind, choices }: CustomField): string {
  if (kind === 'number') return `x.${key} > 10`;
  if (kind === 'date') return `x.${key} before 90 days`;
  if (kind === 'text') return `x.${key} contains "a"`;
  return `x.${key} = ${quoted(kind === 'yes_no' ? 'yes' : (choices[0] ?? 'a'))}`;
}

/** False for what could be read as something else: it begins with another field, or has a word of the language in it. */
function isClear(name: string): boolean {
  const words = name.split(' ');
  const isWord = words.every((word) => /^[\p{L}_][\p{L}\p{M}\p{N}_-]*$/u.test(word) && !RESERVED.has(word));
  const isFree = words.every((_, at) => {
    const start = words.slice(0, at + 1).join(' ');
    return !(segmentWords.find(start) ?? segmentWords.find(start.replaceAll(/[_-]/g, ' ')));
  });
  return isWord && isFree && words.length <= MAX_NAME_WORDS;
}

/** What a field can be called beside `x.<key>`: its key, and its label. */
const namesOf = ({ key, label }: CustomField): readonly string[] =>
  [...new Set([key, key.replaceAll('_', ' '), label.toLowerCase().replaceAll(/\s+/g, ' ').trim()])].filter(isClear);

/** The words of rules with the fields of the business, by their keys and labels where nothing else and no two are called so. */
export function wordsWith(own: readonly CustomField[]): Vocabulary<Field> {
  const byName = new Map<string, Field | null>();
  for (const field of own) {
    const word = customField(`x.${field.key}`);
    if (!word) continue;
    const known = { ...word, example: exampleOf(field) };
    byName.set(word.name, known);
    for (const name of namesOf(field)) byName.set(name, byName.has(name) ? null : known);
  }
  const names = [...byName].flatMap(([name, word]) => (word ? [name] : []));
  return {
    find: (name) => byName.get(name) ?? segmentWords.find(name),
    names: [...segmentWords.names, ...names],
  };
}
