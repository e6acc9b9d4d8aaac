import type { Locale } from '../../../../schema/survey.ts';
import type { CustomerRecord } from '../../../record/customer.ts';

/** What every component of a record's page is given. */
export type CardProps = {
  readonly record: CustomerRecord;
  /** Epoch ms. */
  readonly now: number;
  /** The reader's language, for what is told in it. */
  readonly locale: Locale;
};
