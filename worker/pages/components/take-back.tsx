import { Icon } from '../icons.tsx';

/** Ids of the decisions a press has made, parted by commas. */
export const DECISIONS = /^\d{1,15}(?:,\d{1,15}){0,65}$/;

export type Undo = {
  readonly decisions: string;
  /** The path to come back to. */
  readonly back: string;
};

/** What a press has decided, if the address tells of some. */
export function undoOf(query: URLSearchParams, back: string): { readonly undo?: Undo } {
  const decisions = query.get('decision') ?? '';
  return DECISIONS.test(decisions) ? { undo: { decisions, back } } : {};
}

/** Taking back what was decided is one press away. */
export function TakeBack({ decisions, back }: Undo) {
  return (
    <form method="post" action="/suggestions/undo">
      <input type="hidden" name="decision" value={decisions} />
      <input type="hidden" name="back" value={back} />
      <button type="submit" class="small">
        <Icon name="replay" />
        Take it back
      </button>
    </form>
  );
}
