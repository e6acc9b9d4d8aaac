import type { OwnRecord } from '../../record/own-record.ts';
import type { Choice } from './choices.ts';
import type { Frame } from './parts.tsx';

/** What the pages of the centre are made of. */
export type CentrePage = {
  readonly record: OwnRecord;
  /** True where the record holds more, of which nothing proves that it is theirs. */
  readonly isPart: boolean;
  readonly choices: readonly Choice[];
  /** The language they are written to in; null for unknown. */
  readonly language: string | null;
  /** Until when the page stays open, epoch ms. */
  readonly until: number;
  /** A key of what was just done. */
  readonly notice: string | null;
};
export type CentreProps = { readonly frame: Frame; readonly page: CentrePage };
