/** Text with full-width forms, and the digits of Arabic and Persian, as ASCII; odd spaces as plain ones. */
export const plainDigits = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', ',')
    .replace(/[\s\u200e\u200f\u061c]+/g, ' ')
    .trim();
