import type { Runtime } from '../../platform/env.ts';
import { type Entry, listEntries } from '../../record/suggestions/entries.ts';
import { MATCH_KINDS, type MatchKind } from '../../record/suggestions/keys.ts';
import { COUNTED, countSuggestions } from '../../record/suggestions/list.ts';
import { MOST_HOLDERS } from '../../record/suggestions/recount.ts';
import { undoOf } from '../components/take-back.tsx';
import { pathWith } from '../form.ts';
import { formatCount, plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { GroupCard, type Kept } from './group-card.tsx';
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

const keyOf = (entry: Entry): string =>
  (entry.what === 'pair' ? entry.pair : entry.group).people.map(({ id }) => id).join();

const isOf = (kept: Kept | null, entry: Entry): boolean => entry.what === 'group' && keyOf(entry) === kept?.group;

type EntryProps = { entry: Entry; query: URLSearchParams; now: number; kept: Kept | null };

function EntryCard({ entry, query, now, kept }: EntryProps) {
  return entry.what === 'pair' ? (
    <PairCard suggested={entry.pair} query={query} now={now} />
  ) : (
    <GroupCard group={entry.group} query={query} now={now} kept={isOf(kept, entry) ? kept : null} />
  );
}

/**
 * `GET /suggestions`: two records that may be one, for a person to decide. `kept` is an answer that could not be taken: its ticks
 * stay, with the reason. Null when the cursor is none of ours.
 */
export async function suggestionsPage(
  runtime: Runtime,
  query: URLSearchParams,
  done: StaffPageProps['notice'],
  kept: Kept | null = null,
) {
  const { db, clock } = runtime;
  const evidence = MATCH_KINDS.find((kind) => kind === query.get('evidence'));
  const cursor = query.get('cursor');
  const [page, all, ...each] = await Promise.all([
    listEntries(db, { limit: PAGE, ...(cursor && { cursor }), ...(evidence && { evidence }) }),
    countSuggestions(db),
    ...MATCH_KINDS.map((kind) => countSuggestions(db, kind)),
  ]);
  if (!page) return null;
  // A group that has changed meanwhile stands here no more: the reason then stands at the top.
  const isLost = kept !== null && !page.items.some((entry) => isOf(kept, entry));
  const notice = isLost ? ({ tone: 'bad', text: kept.fault } as const) : done && { ...done, ...undoOf(query, PATH) };
  const counts: Counts = new Map(MATCH_KINDS.map((kind, index) => [kind, each[index] ?? 0]));
  return (
    <StaffPage title="Same person?" section="suggestions" notice={notice ?? null}>
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
            <EntryCard key={keyOf(entry)} entry={entry} query={query} now={clock.now()} kept={kept} />
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
