import type { Json } from '../../../schema/touchpoint.ts';
import { fileCatalogues } from '../../../widgets/locales/pages/file/catalogues.ts';
import { parseStored } from '../../platform/json.ts';
import { humanise } from '../format.ts';
import { countIn, dayIn } from '../preferences/speech.ts';
import type { Speech } from '../public/locale.ts';

/** Why somebody stands at a stage, as it is kept: tests of the rule with what was found. Here it is said in words. */

type Test = { readonly field: string; readonly argument: string | null; readonly value: Json };

const isDay = (field: string): boolean => /^(first|last) /.test(field);

function testOf(entry: Json): Test | null {
  if (entry === null || typeof entry !== 'object' || !('field' in entry)) return null;
  const { field, argument, value } = entry;
  if (typeof field !== 'string') return null;
  return { field, argument: typeof argument === 'string' ? argument : null, value: value ?? null };
}

/** `Orders: 2`; null for what was not known. */
function testWords({ locale }: Speech, { field, argument, value }: Test): string | null {
  if (value === null || typeof value === 'object') return null;
  const words = fileCatalogues[locale];
  const word = (code: string): string => words[`file.word.${code}`] ?? humanise(code);
  const title =
    field === 'happened' && argument !== null ? word(argument) : (words[`file.because.${field}`] ?? word(field));
  const about = argument === null || field === 'happened' ? title : `${title} (${argument})`;
  if (typeof value === 'boolean') return `${about}: ${word(value ? 'yes' : 'no')}`;
  if (typeof value === 'string') return `${about}: ${value}`;
  return `${about}: ${isDay(field) ? dayIn(locale, value) : countIn(locale, value)}`;
}

/** The tests in words, one a line; none where nothing is told. Takes them as they are stored, or parsed. */
export function becauseWords(speech: Speech, because: Json): readonly string[] {
  const parsed = typeof because === 'string' ? parseStored<Json>(because, null) : because;
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: Json) => {
    const test = testOf(entry);
    return (test && testWords(speech, test)) ?? [];
  });
}
