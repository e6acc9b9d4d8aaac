import type { Question, Survey } from '../../schema/survey.ts';
import type { Text } from '../locales/text.ts';
import { type Draft, isGiven } from './draft.ts';
import { elementOf } from './jsx.ts';
import type { Outcome } from './outbox.ts';
import type { QuestionView } from './question-view.ts';
import { Dialog, Status, Step, Thanks } from './screens.tsx';

export type PanelProps = {
  readonly survey: Survey;
  readonly views: Readonly<Record<string, QuestionView | undefined>>;
  readonly text: Text;
  /** The question's wording in the visitor's language. */
  legendOf(question: Question): string;
  /** The response so far, begun anew when there is none. */
  loadDraft(): Draft;
  /** The visitor gave an answer or went to another step. */
  onDraft(draft: Draft): void;
  /** The visitor left a question with an answer. */
  onAnswer(question: Question): void;
  onComplete(draft: Draft): void;
  onClose(isComplete: boolean, hadFocus: boolean): void;
};

const EMPTY: Draft = { id: '', step: 0, answers: {} };

/** The survey in its corner: one question at a time, in a dialog that leaves the page in reach. */
export class Panel {
  readonly #place: HTMLElement;
  readonly #props: PanelProps;
  readonly #status = elementOf(Status());
  readonly #dialog: HTMLElement;
  #draft = EMPTY;
  #error: string | null = null;
  #isDone = false;
  #outcome: Outcome = 'sent';

  constructor(place: HTMLElement, props: PanelProps) {
    this.#place = place;
    this.#props = props;
    this.#dialog = elementOf(Dialog({ text: props.text, onKeyDown: this.#onKeyDown, onClose: this.close }));
    place.append(this.#status);
  }

  /** Answers whether it was closed. The focus moves in only when the visitor asked for the survey. */
  open(isByVisitor: boolean): boolean {
    if (this.#dialog.isConnected) return false;
    const draft = this.#props.loadDraft();
    // The owner may have shortened the survey since.
    this.#draft = draft.step < this.#props.survey.questions.length ? draft : { ...draft, step: 0 };
    this.#error = null;
    this.#isDone = false;
    this.#place.append(this.#dialog);
    this.#draw(isByVisitor);
    return true;
  }

  close = (): void => {
    if (!this.#dialog.isConnected) return;
    const hadFocus = this.#dialog.matches(':focus-within');
    this.remove();
    this.#props.onClose(this.#isDone, hadFocus);
  };

  /** Takes the panel away without a word. */
  remove(): void {
    this.#dialog.remove();
  }

  /** What became of the answers that were sent. */
  tell(outcome: Outcome): void {
    this.#outcome = outcome;
    if (this.#isDone) this.#draw(this.#dialog.matches(':focus-within'));
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    // Within a composition (Chinese, Japanese), Escape only ends that.
    if (event.key === 'Escape' && !event.isComposing) this.close();
  };

  #move(step: number): void {
    this.#draft = { ...this.#draft, step };
    this.#error = null;
    if (Object.keys(this.#draft.answers).length > 0) this.#props.onDraft(this.#draft);
    this.#draw(true);
  }

  #answer(question: Question, value: string | number): void {
    this.#draft = { ...this.#draft, answers: { ...this.#draft.answers, [question.id]: value } };
    this.#error = null;
    this.#dialog.querySelector('.rp-error')?.remove();
    this.#props.onDraft(this.#draft);
  }

  #next(question: Question): void {
    const { survey, text, onAnswer, onComplete } = this.#props;
    const isAnswered = isGiven(this.#draft.answers[question.id]);
    if (isAnswered) onAnswer(question);
    if (question.required && !isAnswered) {
      this.#error = text('required');
      this.#draw(true);
    } else if (this.#draft.step < survey.questions.length - 1) {
      this.#move(this.#draft.step + 1);
    } else {
      this.#isDone = true;
      this.#outcome = 'sent';
      this.#draw(true);
      onComplete(this.#draft);
    }
  }

  #screen(question: Question) {
    const { survey, views, text, legendOf } = this.#props;
    const { step, answers } = this.#draft;
    const total = survey.questions.length;
    const title = text('title') + (total > 1 ? ` · ${text('progress', { n: step + 1, total })}` : '');
    this.#say(this.#error ?? title);
    return Step({
      title,
      question,
      view: views[question.kind],
      step,
      total,
      text,
      value: answers[question.id] ?? null,
      error: this.#error,
      legend: question.required ? legendOf(question) : `${legendOf(question)} ${text('optional')}`,
      onAnswer: (value) => this.#answer(question, value),
      onNext: (event) => {
        event.preventDefault();
        this.#next(question);
      },
      onBack: () => this.#move(step - 1),
    });
  }

  #thanks() {
    const { text } = this.#props;
    this.#say(`${text('thanks')} ${text(`outcome.${this.#outcome}`)}`);
    return Thanks({ text, outcome: this.#outcome, onClose: this.close });
  }

  /** A moment later, since words that come together with their live region are not read out. */
  #say(words: string): void {
    setTimeout(() => {
      this.#status.textContent = words;
    }, 100);
  }

  #draw(isFocusMoving: boolean): void {
    const question = this.#props.survey.questions[this.#draft.step];
    const screen = elementOf(this.#isDone || !question ? this.#thanks() : this.#screen(question));
    this.#dialog.firstElementChild?.replaceChildren(screen);
    if (isFocusMoving) this.#focus();
  }

  /** To the answer given, else to the first field, else to the button of a screen without fields. */
  #focus(): void {
    for (const target of [':checked', 'input,textarea', 'button']) {
      const element = this.#dialog.querySelector<HTMLElement>(target);
      element?.focus();
      if (element) break;
    }
  }
}
