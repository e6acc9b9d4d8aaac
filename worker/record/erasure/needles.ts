/** Looking for what names somebody in the words of others. */
export type Sought = {
  /** In small letters. */
  readonly text: string;
  /** It must not be a part of a longer word or number. */
  readonly isBounded: boolean;
};

const isWordPart = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** True when the text stands in it, and for a bounded one also by itself. */
export function stands(haystack: string, { text, isBounded }: Sought): boolean {
  const lower = haystack.toLowerCase();
  for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + 1))
    if (!isBounded || !(isWordPart(lower[at - 1]) || isWordPart(lower[at + text.length]))) return true;
  return false;
}
