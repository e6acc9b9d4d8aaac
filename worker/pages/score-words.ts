import { questionKinds } from '../../schema/questions.gen.ts';
import { humanise } from './format.ts';
import { questionWords } from './words.ts';

/** Scores are called the same wherever they stand, told with the end of their scale, and come in one order. */

/** What a score is of, as a title: `Ease`. */
export const scoreTitle = (kind: string): string => humanise(questionWords(kind));

/** `9 of 10`. */
export function scoreValue(kind: string, score: number): string {
  const max = questionKinds.find((candidate) => candidate.kind === kind)?.scale?.max;
  return max === undefined ? String(score) : `${score} of ${max}`;
}

/** `ease 3 of 7`. */
export const scoreWords = (kind: string, score: number): string => `${questionWords(kind)} ${scoreValue(kind, score)}`;

const FIRST: readonly string[] = ['nps', 'csat', 'ces'];
const placeOf = (kind: string): number => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);

export const scoresInOrder = <S extends { readonly kind: string }>(scores: readonly S[]): readonly S[] =>
  [...scores].sort((a, b) => placeOf(a.kind) - placeOf(b.kind) || a.kind.localeCompare(b.kind, 'en'));
