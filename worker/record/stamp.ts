/** What each row says of the delivery it came with, so that the rows of many deliveries go into one statement. */
export type Stamp = {
  readonly source: number;
  /** Id of the delivery. */
  readonly delivery: number;
  /** When it arrived, epoch ms. */
  readonly received: number;
};
