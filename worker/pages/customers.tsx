import { STAGES } from '../../schema/vocabulary.ts';
import type { Runtime } from '../platform/env.ts';
import type { Page } from '../platform/page.ts';
import {
  type CustomerFilter,
  type CustomerItem,
  countCustomers,
  countMatching,
  listCustomers,
} from '../record/customers.ts';
import { countSuggestions } from '../record/suggestions/list.ts';
import { listTags } from '../record/tags.ts';
import { listMembers } from '../staff/members.ts';
import { Avatar } from './components/avatar.tsx';
import { Exports } from './components/exports.tsx';
import { type Column, Listing } from './components/listing.tsx';
import { NobodyFound } from './components/nobody-found.tsx';
import { SearchForm } from './components/search-form.tsx';
import { StageBadge } from './components/stage-badge.tsx';
import { CountCell, STATS_COLUMNS, StatsCells } from './components/stats-cells.tsx';
import { pathWith } from './form.ts';
import { formatCount, plural } from './format.ts';
import { Icon } from './icons.tsx';
import { StaffPage } from './layout.tsx';
import { type Asked, askedOf } from './segments/asked.ts';
import { SegmentChoice } from './segments/choice.tsx';
import { draftPath } from './segments/ready-made.ts';
import { stageTitle } from './stage-words.ts';
import { WhoFilter, whoFilterOf } from './who/who-filter.tsx';

const PATH = '/customers';
const PAGE = 50;
/** Matches are counted so far; beyond it the exact number changes no decision. */
const COUNTED = 1000;
const DAY_MS = 24 * 3600 * 1000;
const QUIET_DAYS = ['30', '90', '180'] as const;

type Chip = { readonly name: string; readonly value: string; readonly label: string };

const CHIPS: readonly Chip[] = [
  { name: 'attention', value: '1', label: 'Needs attention' },
  { name: 'orders', value: 'some', label: 'Has ordered' },
  { name: 'orders', value: 'none', label: 'Never ordered' },
  ...STAGES.map((stage) => ({ name: 'stage', value: stage, label: stageTitle(stage) })),
  ...QUIET_DAYS.map((days) => ({ name: 'quiet', value: days, label: `Quiet for ${days} days` })),
];

/** What the URL asks for; words that mean nothing are passed over. */
function filterOf(query: URLSearchParams, now: number): Omit<CustomerFilter, 'limit' | 'cursor'> {
  const q = query.get('q')?.trim();
  const orders = query.get('orders');
  const stage = STAGES.find((value) => value === query.get('stage'));
  const days = QUIET_DAYS.find((value) => value === query.get('quiet'));
  return {
    ...(q && { q }),
    ...((orders === 'some' || orders === 'none') && { orders }),
    ...(days && { quietSince: now - Number(days) * DAY_MS }),
    ...(stage && { stage }),
    ...(query.get('attention') === '1' && { attention: true }),
    ...whoFilterOf(query),
  };
}

/** Filters as links, so that each state of the list has an address; a second click takes one off. */
function Filters({ query }: { readonly query: URLSearchParams }) {
  return (
    <ul class="chips" aria-label="Filters">
      {CHIPS.map(({ name, value, label }) => {
        const isOn = query.get(name) === value;
        return (
          <li key={label}>
            <a
              class="chip"
              aria-current={isOn ? 'true' : undefined}
              href={pathWith(PATH, query, { [name]: isOn ? null : value, cursor: null })}
            >
              {isOn && <Icon name="check" />}
              {label}
              {isOn && <span class="visually-hidden"> (on; choose to take off)</span>}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Search({ query, asked }: { readonly query: URLSearchParams; readonly asked: Asked }) {
  const hasChoice = asked.segments.length > 0;
  const own = ['q', 'cursor', ...(hasChoice ? ['segment'] : [])];
  const kept = [...query].filter(([name]) => !own.includes(name));
  return (
    <SearchForm
      action={PATH}
      label="Search customers"
      placeholder="Name, address, phone or order number"
      q={query.get('q') ?? ''}
      kept={kept}
    >
      {hasChoice && <SegmentChoice segments={asked.segments} chosen={asked.segment?.id ?? null} label="Segment" />}
    </SearchForm>
  );
}

/** The rule that the list is asked by, where it is not a saved one. */
function AskedBy({ where, query }: { readonly where: string; readonly query: URLSearchParams }) {
  return (
    <p class="rule-chosen">
      <code dir="ltr">{where}</code>
      <a href={draftPath({ rule: where })}>Save as a segment</a>
      <a href={pathWith(PATH, query, { where: null, cursor: null })}>Take off</a>
    </p>
  );
}

function Row({ customer, now }: { readonly customer: CustomerItem; readonly now: number }) {
  const { id, displayName, contact, stage, stats } = customer;
  return (
    <tr>
      <th scope="row">
        <span class="person">
          <Avatar id={id} name={displayName} />
          <span class="person-words">
            <a href={`${PATH}/${id}`} dir="auto">
              {displayName ?? 'No name yet'}
            </a>
            {contact !== null && contact !== displayName && <span class="muted person-contact">{contact}</span>}
          </span>
        </span>
      </th>
      <td>{stage ? <StageBadge stage={stage} /> : <span class="muted">–</span>}</td>
      <CountCell count={stats.touchpoints} of="touchpoint" />
      <StatsCells stats={stats} now={now} />
    </tr>
  );
}

const COLUMNS: readonly Column[] = [
  { title: 'Name' },
  { title: 'Stage' },
  { title: 'Touchpoints', is: 'number' },
  ...STATS_COLUMNS,
];

const countWords = (matching: number, isFiltered: boolean, known: number): string => {
  if (!isFiltered) return plural(known, 'customer');
  const shown = matching >= COUNTED ? `${formatCount(COUNTED)} or more` : formatCount(matching);
  return `${shown} of ${plural(known, 'customer')}`;
};

const NONE: Page<CustomerItem> = { items: [], nextCursor: null };

/** `GET /customers`: everybody who is known, latest heard of first. Null when the cursor is none of ours. */
export async function customersPage(runtime: Runtime, given: URLSearchParams) {
  // A form leaves a name for each of its controls, also for those that ask for nothing.
  const query = new URLSearchParams([...given].filter(([, value]) => value !== ''));
  const now = runtime.clock.now();
  const asked = await askedOf(runtime, query);
  const isNobody = asked.fault !== null;
  const filter = { ...filterOf(query, now), ...(asked.among && { among: asked.among }) };
  const isFiltered = isNobody || Object.keys(filter).length > 0;
  const cursor = query.get('cursor');
  const [page, known, matching, alike, members, tags] = await Promise.all([
    isNobody ? NONE : listCustomers(runtime.db, { ...filter, limit: PAGE, ...(cursor && { cursor }) }),
    countCustomers(runtime.db),
    isFiltered && !isNobody ? countMatching(runtime.db, filter, COUNTED) : 0,
    countSuggestions(runtime.db),
    listMembers(runtime.db),
    listTags(runtime.db),
  ]);
  if (!page) return null;
  return (
    <StaffPage
      title="Customers"
      section="customers"
      notice={asked.fault === null ? null : { tone: 'bad', text: asked.fault }}
    >
      <header class="page-head">
        <h1>Customers</h1>
        <p class="muted">{countWords(matching, isFiltered, known)}</p>
        <p class="row">
          {alike > 0 && <a href="/suggestions">{plural(alike, 'pair')} may be one person</a>}
          <a href="/imports/new">Import a file</a>
          {page.items.length > 0 && <Exports path="/api/v1/exports/customers" query={query} what="these customers" />}
        </p>
      </header>
      <Search query={query} asked={asked} />
      <Filters query={query} />
      <WhoFilter path={PATH} query={query} members={members} tags={tags} />
      {asked.where !== null && <AskedBy where={asked.where} query={query} />}
      {page.items.length === 0 ? (
        <NobodyFound known={known} query={query} asked={asked} members={members} />
      ) : (
        <Listing caption="Customers, latest heard of first" columns={COLUMNS}>
          {page.items.map((customer) => (
            <Row key={customer.id} customer={customer} now={now} />
          ))}
        </Listing>
      )}
      {(page.nextCursor || cursor) && (
        <nav class="pager" aria-label="Pages">
          {cursor && <a href={pathWith(PATH, query, { cursor: null })}>First page</a>}
          {page.nextCursor && (
            <a rel="next" href={pathWith(PATH, query, { cursor: page.nextCursor })}>
              Next {String(PAGE)}
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
    </StaffPage>
  );
}
