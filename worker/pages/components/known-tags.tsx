/** What a tag field proposes by `list={KNOWN_TAGS}`: one list a page. */
export const KNOWN_TAGS = 'known-tags';

export function KnownTags({ tags }: { readonly tags: readonly string[] }) {
  return (
    <datalist id={KNOWN_TAGS}>
      {tags.map((tag) => (
        <option key={tag} value={tag} />
      ))}
    </datalist>
  );
}
