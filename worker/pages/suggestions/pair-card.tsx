import type { Argument } from '../../record/identity/compare.ts';
import type { Suggested } from '../../record/suggestions/list.ts';
import type { Person } from '../../record/suggestions/people.ts';
import { argumentSentence } from '../argument-words.ts';
import { Avatar } from '../components/avatar.tsx';
import { Ago } from '../components/time.tsx';
import { pathWith } from '../form.ts';
import { plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { labelsOf, nameOf } from './labels.ts';

export const PATH = '/suggestions';

/** Who it is, in a few words. */
export function PersonCell({ person, now }: { readonly person: Person; readonly now: number }) {
  const { id, contact, displayName, stats, profile } = person;
  const place = [profile.company?.value, profile.city?.value, profile.country?.value].filter(Boolean).join(', ');
  return (
    <div class="suggested-person">
      <Avatar id={id} name={displayName} />
      <div class="person-words">
        <a href={`/customers/${id}`} dir="auto">
          {nameOf(person)}
        </a>
        {contact !== null && contact !== displayName && (
          <span class="muted person-contact" dir="auto">
            {contact}
          </span>
        )}
        {place !== '' && (
          <span class="muted person-contact" dir="auto">
            {place}
          </span>
        )}
        <span class="event-meta">
          <span>{plural(stats.touchpoints, 'touchpoint')}</span>
          {stats.orders > 0 && <span>{plural(stats.orders, 'order')}</span>}
          {stats.lastTouchpointAt !== null && (
            <span>
              last contact: <Ago ms={stats.lastTouchpointAt} now={now} />
            </span>
          )}
        </span>
      </div>
    </div>
  );
}

/** What speaks for one person, or against. */
export function Arguments({ list, tone }: { readonly list: readonly Argument[]; readonly tone: 'pro' | 'contra' }) {
  if (list.length === 0) return null;
  return (
    <ul class="weighed" aria-label={tone === 'pro' ? 'For one person' : 'For two people'}>
      {list.map((argument) => (
        <li key={JSON.stringify(argument)} class={`weighed-${tone}`}>
          <Icon name={tone === 'pro' ? 'check' : 'alert'} />
          <span dir="auto">{argumentSentence(argument)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Two records, the reasons, and the two answers. */
export function PairCard({ suggested, query, now }: { suggested: Suggested; query: URLSearchParams; now: number }) {
  const [a, b] = suggested.people;
  const both = labelsOf([a, b], 'name').join(' and ');
  return (
    <li class="card suggested">
      <div class="suggested-pair">
        <PersonCell person={a} now={now} />
        <PersonCell person={b} now={now} />
      </div>
      <Arguments list={suggested.comparison.pro} tone="pro" />
      <Arguments list={suggested.comparison.contra} tone="contra" />
      <form method="post" action={pathWith(PATH, query, { done: null, decision: null })} class="row">
        <input type="hidden" name="one" value={a.id} />
        <input type="hidden" name="other" value={b.id} />
        <a class="button suggested-compare" href={`/customers/${a.id}/compare/${b.id}`}>
          Compare<span class="visually-hidden"> {both}</span>
        </a>
        <button type="submit" name="decision" value="merge" class="small">
          <Icon name="link" />
          Same person<span class="visually-hidden">: join {both}</span>
        </button>
        <button type="submit" name="decision" value="apart" class="small">
          Keep apart<span class="visually-hidden">: {both} are two people</span>
        </button>
        <button type="submit" name="decision" value="household" class="small">
          One household<span class="visually-hidden">: {both} are two people who live together</span>
        </button>
      </form>
    </li>
  );
}
