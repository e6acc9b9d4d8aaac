import type { Product } from '../../record/products/products.ts';
import { majorOf } from './amounts.ts';

/** A cost that could not be saved, as it was typed, with what is wrong. */
export type CostFault = {
  readonly product: number;
  readonly cost: string;
  readonly currency: string;
  readonly from: string;
  readonly message: string;
};
export type CostFormProps = {
  readonly product: Product;
  readonly currency: string;
  readonly today: string;
  readonly fault: CostFault | null;
  /** Where to come back to. */
  readonly back: string;
};

/** What one costs, from a day on: a form in each row, so that a list is gone through without leaving it. */
export function CostForm({ product, currency, today, fault, back }: CostFormProps) {
  const { id, title, cost } = product;
  const fieldId = (name: string) => `${name}-${id}`;
  const invalid = fault ? { 'aria-invalid': 'true' as const, 'aria-describedby': fieldId('fault') } : {};
  return (
    <form method="post" action={`/products/${id}/cost`} class="cost-form" aria-label={`Cost of ${title}`}>
      <input type="hidden" name="back" value={back} />
      <label>
        <span class="label">Cost of one</span>
        <input
          name="cost"
          inputMode="decimal"
          maxLength={20}
          required
          value={fault?.cost ?? (cost ? majorOf(cost) : '')}
          autofocus={fault !== null}
          {...invalid}
        />
      </label>
      <label>
        <span class="label">Currency</span>
        <input
          name="currency"
          maxLength={3}
          required
          value={fault?.currency ?? cost?.currency ?? currency}
          {...invalid}
        />
      </label>
      <label>
        <span class="label">From</span>
        <input name="from" type="date" required value={fault?.from ?? today} {...invalid} />
      </label>
      <button type="submit" class="small">
        Save
      </button>
      {fault && (
        <p class="fault" role="alert" id={fieldId('fault')}>
          {fault.message}
        </p>
      )}
    </form>
  );
}
