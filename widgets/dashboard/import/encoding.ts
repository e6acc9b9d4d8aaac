/** Which encoding a file is in: by its mark, else as strict UTF-8, else by what its bytes look like. Always a person's to change. */
export const ENCODINGS = [
  ['utf-8', 'UTF-8'],
  ['utf-16le', 'UTF-16 (little-endian)'],
  ['utf-16be', 'UTF-16 (big-endian)'],
  ['windows-1251', 'Windows-1251 (Cyrillic)'],
  ['windows-1252', 'Windows-1252 (Western Europe)'],
  ['windows-1250', 'Windows-1250 (Central Europe)'],
  ['windows-1256', 'Windows-1256 (Arabic)'],
  ['gb18030', 'GB18030 / GBK (Chinese)'],
  ['big5', 'Big5 (Chinese)'],
  ['shift_jis', 'Shift JIS (Japanese)'],
  ['euc-kr', 'EUC-KR (Korean)'],
] as const;

/** Bytes that are looked at. */
const SAMPLE = 256 * 1024;

const decodes = (bytes: Uint8Array, encoding: string): boolean => {
  try {
    // A character that the end of the sample cuts in two is no fault.
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
};

function byMark([a, b, c]: Uint8Array): string | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : null;
}

/** Text of 16 bits without a mark: every other byte of its separators and line ends is zero. */
function byZeros(bytes: Uint8Array): string | null {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) i % 2 === 0 ? even++ : odd++;
  const enough = bytes.length / 50;
  if (odd > enough && odd > even * 3) return 'utf-16le';
  return even > enough && even > odd * 3 ? 'utf-16be' : null;
}

/** Letters that Polish and its neighbours have where Western Europe has signs. */
const CENTRAL: readonly number[] = [0xb3, 0xb9, 0xbf, 0x9c, 0x9f];

/** How the bytes beyond ASCII are spread: how many there are, in how many runs, and how many are letters of one alphabet or another. */
function highBytes(bytes: Uint8Array) {
  let high = 0;
  let runs = 0;
  let letters = 0;
  let central = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) continue;
    high++;
    if ((bytes[i - 1] ?? 0) < 0x80) runs++;
    if (byte >= 0xc0) letters++;
    if (CENTRAL.includes(byte)) central++;
  }
  return { high, runs, letters, central };
}

/** Of the pairs that begin with a high byte, how many are everyday characters of GB 2312 or its punctuation. */
function everydayShare(bytes: Uint8Array): number {
  let leads = 0;
  let everyday = 0;
  for (let i = 0; i + 1 < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x81) continue;
    leads++;
    if ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3)) everyday++;
    i++;
  }
  return leads > 0 ? everyday / leads : 0;
}

/** The likeliest encoding of a file, from its first bytes. */
export function guessEncoding(whole: Uint8Array): string {
  const bytes = whole.subarray(0, SAMPLE);
  const certain = byMark(bytes) ?? byZeros(bytes);
  if (certain) return certain;
  if (decodes(bytes, 'utf-8')) return 'utf-8';
  const { high, runs, letters, central } = highBytes(bytes);
  if (everydayShare(bytes) > 0.6 && decodes(bytes, 'gb18030')) return 'gb18030';
  // Cyrillic is written in whole words of high bytes; accents stand alone.
  if (letters > high * 0.8 && high > runs * 2.5) return 'windows-1251';
  return central > high * 0.2 ? 'windows-1250' : 'windows-1252';
}
