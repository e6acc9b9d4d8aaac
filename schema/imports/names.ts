import type { ImportField } from './plan.ts';
import { HEADER_WORDS } from './words.ts';

/** How well the name of a column says what it is. */
const EXACT = 10;
const PART = 4;

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const words = new Map<ImportField, readonly string[]>();
for (const [field, text] of Object.entries(HEADER_WORDS))
  words.set(field as ImportField, text.normalize('NFKC').split(' '));
const known = new Set([...words.values()].flat());

export type Named = { readonly score: number; readonly isExact: boolean };

/** What the name of a column says for a field: 0 when it says nothing of it. */
export function nameScore(field: ImportField, header: string): Named {
  const name = bare(header);
  if (name === '') return { score: 0, isExact: false };
  const names = words.get(field) ?? [];
  const at = names.indexOf(name);
  // What stands first in the list is the plainest name.
  if (at >= 0) return { score: EXACT - at / 100, isExact: true };
  const part = names.find((word) => word.length >= 4 && name.includes(word));
  return { score: part ? PART + part.length / 10 : 0, isExact: false };
}

/** True for a text that is the name of some field and nothing else. */
export const isFieldName = (text: string): boolean => known.has(bare(text));
