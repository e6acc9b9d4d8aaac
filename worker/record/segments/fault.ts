/** Where a rule is wrong and what would be right. `from` and `to` are offsets in the text of the rule. */
export type RuleError = { readonly from: number; readonly to: number; readonly message: string };

/** Carries a `RuleError` up to the one who asked; never leaves this folder. */
export class RuleFault extends Error implements RuleError {
  override readonly name = 'RuleFault';
  readonly from: number;
  readonly to: number;
  constructor(from: number, to: number, message: string) {
    super(message);
    this.from = from;
    this.to = to;
  }
}
