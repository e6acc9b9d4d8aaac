import type { Segment } from '../../record/segments/segments.ts';

type ChoiceProps = {
  readonly segments: readonly Segment[];
  /** Public id of the one that is chosen. */
  readonly chosen: string | null;
  readonly label: string;
};

/** Whom a list or a figure is about: everybody, or a segment. */
export function SegmentChoice({ segments, chosen, label }: ChoiceProps) {
  return (
    <>
      <label class="visually-hidden" for="segment">
        {label}
      </label>
      <select id="segment" name="segment">
        <option value="">Everybody</option>
        {segments.map(({ id, name }) => (
          <option key={id} value={id} selected={id === chosen}>
            {name}
          </option>
        ))}
      </select>
    </>
  );
}
