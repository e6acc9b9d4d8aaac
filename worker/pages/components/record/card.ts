import type { CustomerRecord } from '../../../record/customer.ts';

/** What every component of a record's page is given. */
export type CardProps = {
  readonly record: CustomerRecord;
  /** Epoch ms. */
  readonly now: number;
};
