import { tidyTag } from '../../../schema/staff-word.ts';
import { PARTIES } from '../../../schema/vocabulary.ts';
import type { CustomerFilter } from '../../record/customers.ts';
import type { Member } from '../../staff/members.ts';
import { KNOWN_TAGS, KnownTags } from '../components/known-tags.tsx';
import { humanise } from '../format.ts';

const NAMES = ['owner', 'party', 'tag'] as const;
type Narrowing = Pick<CustomerFilter, (typeof NAMES)[number]>;

/** What an address asks for of who people are; words that mean nothing are passed over. */
export function whoFilterOf(query: URLSearchParams): Narrowing {
  const owner = query.get('owner');
  const party = PARTIES.find((candidate) => candidate === query.get('party'));
  const tag = tidyTag(query.get('tag') ?? '');
  return { ...(owner && { owner }), ...(party && { party }), ...(tag && { tag }) };
}

type Props = {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly members: readonly Member[];
  readonly tags: readonly string[];
};

function Choice({
  name,
  label,
  value,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string | null;
  readonly options: readonly (readonly [string, string])[];
}) {
  return (
    <div class="field">
      <label for={`by-${name}`}>{label}</label>
      <select id={`by-${name}`} name={name}>
        <option value="">Any</option>
        {options.map(([option, words]) => (
          <option key={option} value={option} selected={option === value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Narrows the list by who people are: by owner, party and tag. Open while one of them is on. */
export function WhoFilter({ path, query, members, tags }: Props) {
  const isOn = Object.keys(whoFilterOf(query)).length > 0;
  const kept = [...query].filter(([name]) => name !== 'cursor' && !NAMES.some((own) => own === name));
  const owners = members.map(({ id, name }) => [id, name] as const);
  return (
    <details class="more who-filter" open={isOn}>
      <summary>By owner, party or tag</summary>
      <form method="get" action={path} class="who-filter-form">
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Choice
          name="owner"
          label="Looked after by"
          value={query.get('owner')}
          options={[['none', 'Nobody'], ...owners]}
        />
        <Choice
          name="party"
          label="Party"
          value={query.get('party')}
          options={PARTIES.map((party) => [party, humanise(party)] as const)}
        />
        <div class="field">
          <label for="by-tag">Tag</label>
          <KnownTags tags={tags} />
          <input
            id="by-tag"
            name="tag"
            list={KNOWN_TAGS}
            value={query.get('tag') ?? ''}
            maxLength={40}
            dir="auto"
            autocomplete="off"
          />
        </div>
        <button type="submit" class="quiet">
          Show these
        </button>
      </form>
    </details>
  );
}
