import { expect, test } from 'vitest';
import { textOn } from '../../widgets/embed/contrast.ts';

/** WCAG 2, exactly. */
const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

const hex = (channel: number) => channel.toString(16).padStart(2, '0');

test('text on any accent has a contrast of at least 4.5', () => {
  const channels = [...Array.from({ length: 52 }, (_, index) => index * 5), 255];
  let worst = 21;
  for (const red of channels)
    for (const green of channels)
      for (const blue of channels) {
        const luminance = 0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
        const isWhite = textOn(`#${hex(red)}${hex(green)}${hex(blue)}`) === '#fff';
        worst = Math.min(worst, isWhite ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05);
      }
  expect(worst).toBeGreaterThanOrEqual(4.5);
});

test('the default accent carries white, a yellow one black', () => {
  expect(textOn('#2c5cc5')).toBe('#fff');
  expect(textOn('#FFD400')).toBe('#000');
});
