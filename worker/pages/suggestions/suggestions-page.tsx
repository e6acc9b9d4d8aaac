import type { Runtime } from '../../platform/env.ts';
import type { Argument } from '../../record/identity/compare.ts';
import { MATCH_KINDS, type MatchKind } from '../../record/suggestions/keys.ts';
import { COUNTED, countSuggestions, listSuggestions, type Suggested } from '../../record/suggestions/list.ts';
import type { Person } from '../../record/suggestions/people.ts';
import { MOST_HOLDERS } from '../../record/suggestions/recount.ts';
import { argumentSentence } from '../argument-words.ts';
import { Avatar } from '../components/avatar.tsx';
import { Ago } from '../components/time.tsx';
import { pathWith } from '../form.ts';
import { formatCount, plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';

export const PATH = '/suggestions';
const PAGE = 20;

const LABELS: Readonly<Record<MatchKind, string>> = {
  email: 'Same e-mail address',
  address: 'Address written differently',
  phone: 'Same phone',
  user_id: 'Same user id',
  name_city: 'Name and town',
  name_company: 'Name and company',
  name_postal: 'Name and postal address',
};

const nameOf = ({ displayName }: Person): string => displayName ?? 'No name yet';

function PersonCell({ person, now }: { readonly person: Person; readonly now: number }) {
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

function Arguments({ list, tone }: { readonly list: readonly Argument[]; readonly tone: 'pro' | 'contra' }) {
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

function Pair({ suggested, query, now }: { suggested: Suggested; query: URLSearchParams; now: number }) {
  const [a, b] = suggested.people;
  const both = `${nameOf(a)} and ${nameOf(b)}`;
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
      </form>
    </li>
  );
}

type Counts = ReadonlyMap<MatchKind, number>;
const counted = (n: number): string => (n >= COUNTED ? `${formatCount(COUNTED)}+` : formatCount(n));

function Filters({ query, counts }: { readonly query: URLSearchParams; readonly counts: Counts }) {
  return (
    <ul class="chips suggestion-filters" aria-label="Filters">
      {[...counts].map(([kind, n]) => {
        const isOn = query.get('evidence') === kind;
        if (n === 0 && !isOn) return null;
        const changes = { evidence: isOn ? null : kind, cursor: null, done: null, decision: null };
        return (
          <li key={kind}>
            <a class="chip" aria-current={isOn ? 'true' : undefined} href={pathWith(PATH, query, changes)}>
              {isOn && <Icon name="check" />}
              {LABELS[kind]} <span class="muted">{counted(n)}</span>
              {isOn && <span class="visually-hidden"> (on; choose to take off)</span>}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <div class="empty">
      <p>
        {isFiltered
          ? 'No two records rest on this evidence.'
          : 'No two records look like one person. When some do, they stand here with the reasons for and against, and you decide.'}
      </p>
      <p>{isFiltered ? <a href={PATH}>Show all suggestions</a> : <a href="/customers">All customers</a>}</p>
    </div>
  );
}

/** Once after a decision: taking it back is one press away. */
function TakeBack({ decision }: { readonly decision: string | null }) {
  if (decision === null || !/^\d{1,15}$/.test(decision)) return null;
  return (
    <form method="post" action={`${PATH}/undo`} class="row suggestion-undo">
      <input type="hidden" name="decision" value={decision} />
      <button type="submit" class="small">
        <Icon name="replay" />
        Take it back
      </button>
    </form>
  );
}

/** `GET /suggestions`: two records that may be one, for a person to decide. Null when the cursor is none of ours. */
export async function suggestionsPage(runtime: Runtime, query: URLSearchParams, notice: StaffPageProps['notice']) {
  const { db, clock } = runtime;
  const evidence = MATCH_KINDS.find((kind) => kind === query.get('evidence'));
  const cursor = query.get('cursor');
  const [page, all, ...each] = await Promise.all([
    listSuggestions(db, { limit: PAGE, ...(cursor && { cursor }), ...(evidence && { evidence }) }),
    countSuggestions(db),
    ...MATCH_KINDS.map((kind) => countSuggestions(db, kind)),
  ]);
  if (!page) return null;
  const counts: Counts = new Map(MATCH_KINDS.map((kind, index) => [kind, each[index] ?? 0]));
  return (
    <StaffPage title="Same person?" section="suggestions" notice={notice ?? null}>
      <TakeBack decision={query.get('decision')} />
      <header class="page-head">
        <h1>Same person?</h1>
        <p class="muted">{all >= COUNTED ? `${counted(all)} pairs` : plural(all, 'pair')} to decide</p>
        <p class="row">
          <a href="/identity">Rules of who is who</a>
        </p>
      </header>
      {all > 0 && (
        <p class="hint">
          Nothing here is joined by itself. What more than {MOST_HOLDERS} records share (a switchboard, a common name in
          a big town) is no reason to suggest anybody.
        </p>
      )}
      {all > 0 && <Filters query={query} counts={counts} />}
      {page.items.length === 0 ? (
        <Nothing isFiltered={evidence !== undefined} />
      ) : (
        <ul class="suggested-list" aria-label="Pairs">
          {page.items.map((suggested) => (
            <Pair
              key={suggested.people.map(({ id }) => id).join()}
              suggested={suggested}
              query={query}
              now={clock.now()}
            />
          ))}
        </ul>
      )}
      {(page.nextCursor || cursor) && (
        <nav class="pager" aria-label="Pages">
          {cursor && <a href={pathWith(PATH, query, { cursor: null, done: null, decision: null })}>First page</a>}
          {page.nextCursor && (
            <a rel="next" href={pathWith(PATH, query, { cursor: page.nextCursor, done: null, decision: null })}>
              Next {String(PAGE)}
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
    </StaffPage>
  );
}
