import type { RawAnswer } from '../../schema/survey.ts';

/** A response that is being given. Its id, fixed at the first answer, makes it count once. */
export type Draft = {
  readonly id: string;
  readonly step: number;
  readonly answers: Readonly<Record<string, RawAnswer['value']>>;
};

export const isGiven = (value: RawAnswer['value'] | undefined): value is RawAnswer['value'] =>
  value !== undefined && `${value}`.trim() !== '';

/** The answers as they are sent, in the order of the questions, without those left open. */
export function answersOf(draft: Draft, questions: readonly { readonly id: string }[]): RawAnswer[] {
  return questions.flatMap(({ id }) => {
    const value = draft.answers[id];
    return isGiven(value) ? [{ question: id, value }] : [];
  });
}
