import type { NamedMention } from '../../record/erasure/mentions.ts';

type Place = { readonly title: string; readonly path: (id: string) => string };

const PLACES: Readonly<Record<NamedMention['what'], Place>> = {
  segment: { title: 'Segment', path: (id) => `/segments/${id}` },
  organisation: { title: 'Organisation', path: (id) => `/organisations/${id}` },
  field: { title: 'Field', path: () => '/fields' },
  stages: { title: 'Rules of stages', path: () => '/stages' },
  customer: { title: 'On the record of', path: (id) => `/customers/${id}` },
};

/** Where something that staff wrote names somebody: links, for nothing of it goes by itself. */
export function MentionList({ mentions, lead }: { readonly mentions: readonly NamedMention[]; readonly lead: string }) {
  if (mentions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="mentions">
      <h2 id="mentions">Please look at</h2>
      <p class="hint">{lead}</p>
      <ul class="arguments">
        {mentions.map(({ what, id, name }) => (
          <li key={`${what} ${id}`}>
            {PLACES[what].title}
            {what === 'stages' ? ': ' : ' '}
            <a href={PLACES[what].path(id)} dir="auto">
              {name ?? (what === 'stages' ? 'open them' : 'somebody without a name')}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
