import type { VNode } from 'preact';
import type { Text } from '../locales/text.ts';

export type QuestionProps = {
  /** Unique among the ids of the page or shadow root it stands in. */
  readonly id: string;
  /** Name of the form field: the question's id. */
  readonly name: string;
  /** The answer so far; a form that comes back posts a number as text. */
  readonly value: string | number | null;
  /** Absent on the server, where the form itself carries the answer. */
  readonly onAnswer?: (value: string | number) => void;
  readonly text: Text;
  /** The question's wording. */
  readonly legend: string;
  readonly required: boolean;
  /** What is wrong with the answer, if anything. */
  readonly error?: string | null;
};

/**
 * The plug board of question kinds: how a kind of question looks. A plain form field without scripts, so that the same
 * view works in the widget and on a hosted page. What the kind means is `schema/questions/<kind>.ts`.
 */
export type QuestionView = (props: QuestionProps) => VNode;
