import type { Argument } from '../../record/identity/compare.ts';
import type { SuggestedGroup } from '../../record/suggestions/entries.ts';
import type { Person } from '../../record/suggestions/people.ts';
import { pathWith } from '../form.ts';
import { plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { labelsOf } from './labels.ts';
import { Arguments, PATH, PairCard, PersonCell } from './pair-card.tsx';

type Shared = SuggestedGroup['shared'][number];

const about = (place: string | null | undefined): string => (place ? ` (${place})` : '');

/** The town of an address that more than one of them have. */
function sharedPlace(people: readonly Person[]): string | null {
  const [first, ...others] = people.flatMap(({ addresses }) => addresses);
  return (
    [first, ...others].find((one, at, all) => all.findIndex((other) => other?.likeness === one?.likeness) < at)
      ?.place ?? null
  );
}

/** What all of them share, after "4 records": with the phone number +48 …. */
function sharedWords({ kind, value }: Shared, people: readonly Person[]): string {
  const known = (field: 'city' | 'company') => about(people[0]?.profile[field]?.value);
  switch (kind) {
    case 'email':
      return `with the e-mail address ${value}`;
    case 'phone':
      return `with the phone number ${value}`;
    case 'user_id':
      return `with the user id ${value}`;
    case 'address':
      return 'with e-mail addresses that may be one mailbox';
    case 'name_city':
      return `with a name alike in one town${known('city')}`;
    case 'name_company':
      return `with a name alike at one company${known('company')}`;
    case 'name_postal':
      return `with a name alike at one postal address${about(sharedPlace(people))}`;
  }
}

/** Reasons against, each once, of all the pairs. */
function against({ pairs }: SuggestedGroup): readonly Argument[] {
  const all = pairs.flatMap(({ comparison }) => comparison.contra);
  return [...new Map(all.map((argument) => [JSON.stringify(argument), argument])).values()];
}

/** True where something that they share is only said by one side. */
const restsOnClaims = ({ pairs }: SuggestedGroup): boolean =>
  pairs.some(({ comparison }) => comparison.pro.some((argument) => 'isProven' in argument && !argument.isProven));

/** What the boxes are for; ticked beforehand are those of whom nothing leaves a doubt. */
function hintOf(hasContra: boolean, isClaimed: boolean): string {
  if (hasContra) return 'Something speaks against one person: tick those you are sure of.';
  if (isClaimed) return 'Nothing speaks against one person, but some of them only say so: tick those you are sure of.';
  return 'Nothing speaks against one person. Untick whom the answer is not about.';
}

/** Reasons against that are shown before each pair is looked at by itself. */
const MOST_AGAINST = 4;

/** An answer that could not be taken: of which group, who was ticked, and why. */
export type Kept = { readonly group: string; readonly ticked: readonly string[]; readonly fault: string };

type GroupProps = { group: SuggestedGroup; query: URLSearchParams; now: number; kept: Kept | null };

/** Three or more records that share something: answered together, for those that are ticked, or two by two. */
export function GroupCard({ group, query, now, kept }: GroupProps) {
  const { people, pairs, shared } = group;
  const contra = against(group);
  const isClaimed = restsOnClaims(group);
  const heading = `${plural(people.length, 'record')} ${shared.map((one) => sharedWords(one, people)).join(', and ')}`;
  const labels = labelsOf(people, 'contact');
  const isTicked = ({ id }: Person) => (kept ? kept.ticked.includes(id) : contra.length === 0 && !isClaimed);
  const id = `group-${people.map((person) => person.id).join('-')}`;
  return (
    <li class="card suggested">
      <form
        method="post"
        action={pathWith(`${PATH}/group`, query, { done: null, decision: null })}
        class="suggested-group"
        aria-labelledby={id}
      >
        <h2 id={id} dir="auto">
          {heading}
        </h2>
        <input type="hidden" name="group" value={people.map((person) => person.id).join()} />
        {kept && (
          <p class="fault" role="alert" tabIndex={-1} autofocus>
            {kept.fault}
          </p>
        )}
        <ul class="suggested-people">
          {people.map((person, at) => (
            <li key={person.id}>
              <input
                type="checkbox"
                name="person"
                value={person.id}
                checked={isTicked(person)}
                aria-label={labels[at]}
              />
              <PersonCell person={person} now={now} />
            </li>
          ))}
        </ul>
        <Arguments list={contra.slice(0, MOST_AGAINST)} tone="contra" />
        <p class="hint">{hintOf(contra.length > 0, isClaimed)}</p>
        <div class="row">
          <button type="submit" name="decision" value="merge" class="small">
            <Icon name="link" />
            Those ticked are one person
          </button>
          <button type="submit" name="decision" value="apart" class="small">
            Those ticked are all different people
          </button>
        </div>
      </form>
      <details class="more">
        <summary>Answer two by two: {plural(pairs.length, 'pair')}</summary>
        <ul class="suggested-list" aria-label={`Pairs of the ${heading}`}>
          {pairs.map((suggested) => (
            <PairCard
              key={suggested.people.map((person) => person.id).join()}
              suggested={suggested}
              query={query}
              now={now}
            />
          ))}
        </ul>
      </details>
    </li>
  );
}
