import * as v from 'valibot';

/** How often each score was given. */
export type ScoreCount = { readonly score: number; readonly count: number };

/**
 * A figure with its uncertainty, never a bare number (C4). `low` and `high` bound the 95 % interval, in the same unit as
 * `estimate`; all three are null when nobody answered.
 */
export type Summary = {
  /** Names the convention, since the trade has several: `nps`, `top_two_share`, `mean`. */
  readonly measure: string;
  readonly n: number;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
};

/** The plug board of question kinds: what a kind of question means. How it looks is `widgets/survey/questions/<kind>.tsx`. */
export interface QuestionKind<Value extends string | number = string | number> {
  readonly kind: string;
  /** Ends of the scale, both included; null for a question that has no score. */
  readonly scale: { readonly min: number; readonly max: number } | null;
  /** Parses the raw answer of a browser or a form; its issues name what is wrong. */
  readonly schema: v.GenericSchema<unknown, Value>;
  /** The number this answer stands for, null when it has none. */
  score(value: Value): number | null;
  /** The words of the answer, null when it has none. */
  text(value: Value): string | null;
  /** Summary of many answers; null for a kind without a score. */
  readonly summarise: ((counts: readonly ScoreCount[]) => Summary) | null;
  /** True when an answer of this score asks for a person's attention (E3). */
  isUnhappy(score: number): boolean;
  /** A valid raw answer and one that must be refused, for the contract test and for samples. */
  readonly sample: { readonly valid: string | number; readonly invalid: unknown };
}

/** An answer on a scale of whole numbers, both ends included. A form posts the string of one. */
export const scaleAnswer = (min: number, max: number) =>
  v.pipe(
    v.union([
      v.number(),
      v.pipe(v.string(), v.trim(), v.regex(/^\d{1,2}$/, 'choose one of the answers'), v.transform(Number)),
    ]),
    v.integer('choose one of the answers'),
    v.minValue(min, 'choose one of the answers'),
    v.maxValue(max, 'choose one of the answers'),
  );
