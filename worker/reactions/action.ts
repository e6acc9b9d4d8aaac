/** A touchpoint that a rule has picked out of the log. */
export type Cause = {
  readonly seq: number;
  readonly fragmentId: number;
  readonly rule: string;
  /** What it is about, where that is to follow once and not once for each touchpoint that tells of it. */
  readonly subject?: string;
};

/** The plug board of actions: one file each in `actions/`. */
export interface Action {
  readonly id: string;
  readonly title: string;
  /**
   * What the action writes, as statements for the batch that also moves the cursor. Each carries a unique key of touchpoint
   * and rule, so that the action happens once however often the log is read.
   */
  write(db: D1Database, causes: readonly Cause[], now: number): readonly D1PreparedStatement[];
}
