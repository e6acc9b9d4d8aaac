import type { Misfit } from '../sources/provider.ts';

/**
 * What is wrong with a field, in the owner's words. Our own schemas say it well; where a provider leaves it to the library,
 * "Invalid type: Expected string but received 5" is put as "should be string, not 5".
 */
export function misfitWords({ message }: Misfit): string {
  if (/^Invalid key: Expected never/.test(message)) return 'is not a setting of this source';
  const library = /^Invalid [\w ]+: (?:Expected (.+) but )?[Rr]eceived (.+)$/s.exec(message);
  if (!library) return message;
  const [, expected, received] = library;
  return expected ? `should be ${expected}, not ${received}` : `cannot be ${received}`;
}
