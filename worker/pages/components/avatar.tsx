const HUES = 12;

/** Up to two letters of a name, in any script; for an address its first letter. */
export function initialsOf(name: string | null): string {
  const words = (name ?? '').split('@', 1)[0]?.split(/[\s._-]+/u) ?? [];
  const letters = words.flatMap((word) => [...word.matchAll(/[\p{L}\p{N}]/gu)].slice(0, 1).map(([letter]) => letter));
  const [first, ...rest] = letters;
  return [first, rest.at(-1)].join('').toLocaleUpperCase('en');
}

/** The same id always gets the same hue. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return hash % HUES;
}

/** Initials on a quiet colour. Says nothing that the name beside it does not. */
export function Avatar({
  id,
  name,
  large,
}: {
  readonly id: string;
  readonly name: string | null;
  readonly large?: boolean;
}) {
  return (
    <span class={`avatar hue-${hueOf(id)}${large ? ' avatar-large' : ''}`} aria-hidden="true">
      {initialsOf(name) || '?'}
    </span>
  );
}
