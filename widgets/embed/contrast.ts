/**
 * White or black, whichever reads on the colour `#rrggbb` with a contrast of at least 4.5 (WCAG 2). Both do for a relative
 * luminance from 0.175 to 0.1833; that is room enough for a plain power in place of the exact transfer curve.
 */
export function textOn(colour: string): string {
  const luminance = [0.2126, 0.7152, 0.0722].reduce(
    (sum, weight, index) => sum + weight * (+`0x${colour.slice(1 + 2 * index, 3 + 2 * index)}` / 255) ** 2.2,
    0,
  );
  return luminance > 0.18 ? '#000' : '#fff';
}
