import { scaleView } from '../fields.tsx';

/** Height of the corners of the mouth and of its middle, from a frown to a smile. */
const MOUTHS: readonly (readonly [corner: number, middle: number])[] = [
  [17, 12.5],
  [16.5, 14.5],
  [15.5, 15.5],
  [15, 17],
  [14, 19.5],
];

/** Drawn, not typed: emoji differ from system to system, and some have none. */
export default scaleView({
  kind: 'smileys',
  min: 1,
  max: 5,
  face: (score, text) => {
    const [corner, middle] = MOUTHS[score - 1] ?? [15.5, 15.5];
    return (
      <>
        <svg viewBox="0 0 24 24" aria-hidden="true" class="rp-face">
          <circle cx="12" cy="12" r="10" />
          <path d={`M8.5 9v.5M15.5 9v.5M8 ${corner}Q12 ${middle} 16 ${corner}`} />
        </svg>
        <span class="rp-hidden">{text(`smileys.${score}`)}</span>
      </>
    );
  },
});
