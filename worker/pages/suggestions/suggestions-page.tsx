import type { Runtime } from '../../platform/env.ts';
import { type Entry, listEntries } from '../../record/suggestions/entries.ts';
import { MATCH_KINDS, type MatchKind } from '../../record/suggestions/keys.ts';
import { COUNTED, countSuggestions } from '../../record/suggestions/list.ts';
import { MOST_HOLDERS } from '../../record/suggestions/recount.ts';
import { pathWith } from '../form.ts';
import { formatCount, plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { GroupCard } from './group-card.tsx';
import { PATH, PairCard } from './pair-card.tsx';

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

/** Ids of the decisions a press has made, parted by commas. */
export const DECISIONS = /^\d{1,15}(?:,\d{1,15}){0,65}$/;

/** Once after a decision: taking it back is one press away. */
function TakeBack({ decision }: { readonly decision: string | null }) {
  if (decision === null || !DECISIONS.test(decision)) return null;
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

const keyOf = (entry: Entry): string =>
  (entry.what === 'pair' ? entry.pair : entry.group).people.map(({ id }) => id).join();

function EntryCard({ entry, query, now }: { entry: Entry; query: URLSearchParams; now: number }) {
  return entry.what === 'pair' ? (
    <PairCard suggested={entry.pair} query={query} now={now} />
  ) : (
    <GroupCard group={entry.group} query={query} now={now} />
  );
}

/** `GET /suggestions`: two records that may be one, for a person to decide. Null when the cursor is none of ours. */
export async function suggestionsPage(runtime: Runtime, query: URLSearchParams, notice: StaffPageProps['notice']) {
  const { db, clock } = runtime;
  const evidence = MATCH_KINDS.find((kind) => kind === query.get('evidence'));
  const cursor = query.get('cursor');
  const [page, all, ...each] = await Promise.all([
    listEntries(db, { limit: PAGE, ...(cursor && { cursor }), ...(evidence && { evidence }) }),
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
        <ul class="suggested-list" aria-label="To decide">
          {page.items.map((entry) => (
            <EntryCard key={keyOf(entry)} entry={entry} query={query} now={clock.now()} />
          ))}
        </ul>
      )}
      {(page.nextCursor || cursor) && (
        <nav class="pager" aria-label="Pages">
          {cursor && <a href={pathWith(PATH, query, { cursor: null, done: null, decision: null })}>First page</a>}
          {page.nextCursor && (
            <a rel="next" href={pathWith(PATH, query, { cursor: page.nextCursor, done: null, decision: null })}>
              Next
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
    </StaffPage>
  );
}
