const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

/** Relative luminance of `#rrggbb` (WCAG 2). */
export const luminance = (colour: string): number =>
  [0.2126, 0.7152, 0.0722].reduce(
    (sum, weight, index) =>
      sum + weight * linear(Number.parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16) / 255),
    0,
  );

/**
 * White or black, whichever can be read on the colour: white while it has a contrast of 4.5, which ends at a luminance of
 * 1.05 / 4.5 - 0.05; black has 4.66 from there on.
 */
export const textOn = (colour: string): string => (luminance(colour) > 0.1833 ? '#000' : '#fff');
