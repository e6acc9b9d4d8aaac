import type { GroupKind } from '../../record/groups/members.ts';
import type { GroupNumbers, GroupOwner, GroupScore, GroupView, Member } from '../../record/groups/read.ts';
import type { TimelinePart, Touchpoint } from '../../record/timeline.ts';
import { Avatar } from '../components/avatar.tsx';
import { type Column, Listing } from '../components/listing.tsx';
import { STATS_COLUMNS, StatsCells } from '../components/stats-cells.tsx';
import { Ago } from '../components/time.tsx';
import { byDay } from '../components/timeline.tsx';
import { placeIn, TimelinePager } from '../components/timeline-pager.tsx';
import { LatestItem } from '../components/touchpoint-line.tsx';
import { pathWith } from '../form.ts';
import { formatCount, formatDayHeading, formatMoney } from '../format.ts';
import { Icon } from '../icons.tsx';
import { scoresInOrder, scoreTitle, scoreValue } from '../score-words.ts';

/** What the pages of an organisation and of a household have in common. */

function Score({ score, now }: { readonly score: GroupScore; readonly now: number }) {
  return (
    <div>
      <dt>{scoreTitle(score.kind)}</dt>
      <dd>
        {scoreValue(score.kind, score.score)}
        <span class="numbers-more">
          <bdi>{score.customerName ?? 'somebody'}</bdi>, <Ago ms={score.answeredAt} now={now} />
        </span>
      </dd>
    </div>
  );
}

type NumbersProps = {
  readonly numbers: GroupNumbers;
  readonly scores: readonly GroupScore[];
  readonly now: number;
};

/** Of all members together. */
export function GroupFigures({ numbers, scores, now }: NumbersProps) {
  const { revenue, lastTouchpointAt, firstTouchpointAt } = numbers;
  const counts = [
    ['Members', numbers.members],
    ['Touchpoints', numbers.touchpoints],
    ['Orders', numbers.orders],
  ] as const;
  return (
    <dl class="numbers">
      {counts.map(([label, n]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{formatCount(n)}</dd>
        </div>
      ))}
      <div>
        <dt>Revenue</dt>
        <dd>
          {revenue.length === 0 ? '–' : revenue.map((money) => <span key={money.currency}>{formatMoney(money)}</span>)}
        </dd>
      </div>
      {scoresInOrder(scores).map((score) => (
        <Score key={score.kind} score={score} now={now} />
      ))}
      <div>
        <dt>Last contact</dt>
        <dd>
          {lastTouchpointAt === null ? '–' : <Ago ms={lastTouchpointAt} now={now} />}
          {firstTouchpointAt !== null && (
            <span class="numbers-more">
              first: <Ago ms={firstTouchpointAt} now={now} />
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** The button that takes somebody out of a group. */
export function TakeOut({
  kind,
  group,
  customer,
  name,
  back,
}: {
  readonly kind: GroupKind;
  readonly group: string;
  readonly customer: string;
  readonly name: string;
  readonly back: string;
}) {
  return (
    <form method="post" action={`/${kind}s/${group}/members/${customer}/remove`}>
      <input type="hidden" name="back" value={back} />
      <button type="submit" class="small">
        Remove
        <span class="visually-hidden">
          {' '}
          {name}: {kind === 'household' ? 'lives elsewhere' : 'is no member'}
        </span>
      </button>
    </form>
  );
}

type RowProps = {
  readonly member: Member;
  readonly kind: GroupKind;
  readonly group: string;
  readonly owners: ReadonlyMap<string, string>;
  readonly back: string;
  readonly now: number;
};

function Row({ member, kind, group, owners, back, now }: RowProps) {
  const { id, displayName, contact, role, saidBy, owner, stats } = member;
  const name = displayName ?? 'No name yet';
  const notes = [
    role,
    kind === 'organisation' && saidBy === 'source' ? 'by a source' : null,
    owner === null || owners.size < 2 ? null : `looked after by ${owners.get(owner) ?? 'somebody'}`,
  ].filter((note) => note !== null);
  return (
    <tr>
      <th scope="row">
        <span class="person">
          <Avatar id={id} name={displayName} />
          <span class="person-words">
            <a href={`/customers/${id}`} dir="auto">
              {name}
            </a>
            {notes.length > 0 && (
              <span class="person-contact" dir="auto">
                {notes.join(', ')}
              </span>
            )}
            {contact !== null && contact !== displayName && <span class="muted person-contact">{contact}</span>}
          </span>
        </span>
      </th>
      <StatsCells stats={stats} now={now} />
      <td>
        <TakeOut kind={kind} group={group} customer={id} name={name} back={back} />
      </td>
    </tr>
  );
}

/** Names of who looks after members, by their ids. */
export const namesOf = (owners: readonly GroupOwner[]): ReadonlyMap<string, string> =>
  new Map(owners.map(({ id, name }) => [id, name]));

const MEMBER_COLUMNS: readonly Column[] = [{ title: 'Name' }, ...STATS_COLUMNS, { title: 'Take out', is: 'buttons' }];

type TableProps = Omit<RowProps, 'member'> & { readonly members: readonly Member[]; readonly caption: string };

export function MemberTable({ members, caption, ...more }: TableProps) {
  return (
    <Listing caption={caption} columns={MEMBER_COLUMNS} kind="members">
      {members.map((member) => (
        <Row key={member.id} member={member} {...more} />
      ))}
    </Listing>
  );
}

type PagerProps = {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parameter that holds the number of the page. */
  readonly name: string;
  readonly anchor: string;
  readonly label: string;
  readonly hasMore: boolean;
};

/** Deeper pages are never asked for by hand, and each costs the rows it skips. */
const MAX_PAGE = 200;

/** The number of a page by its parameter. */
export function pageNumber(query: URLSearchParams, name: string): number {
  const page = Number(query.get(name) ?? '1');
  return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1;
}

/** Which part of a timeline an address asks for. */
export function timelinePart(query: URLSearchParams, limit: number): TimelinePart {
  const place = placeIn(query);
  return { limit, place, offset: place ? 0 : (pageNumber(query, 'page') - 1) * limit };
}

export function GroupPager({ path, query, name, anchor, label, hasMore }: PagerProps) {
  const page = pageNumber(query, name);
  const to = (n: number) => `${pathWith(path, query, { [name]: n > 1 ? String(n) : null, done: null })}#${anchor}`;
  if (page === 1 && !hasMore) return null;
  return (
    <nav class="pager" aria-label={label}>
      {page > 1 && <a href={to(page - 1)}>Before</a>}
      {hasMore && page < MAX_PAGE && (
        <a href={to(page + 1)}>
          Next
          <Icon name="arrow" />
        </a>
      )}
    </nav>
  );
}

type TimelineProps = {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly view: Pick<GroupView, 'timeline' | 'hasMore' | 'hasNewer' | 'orderNumbers'>;
  readonly now: number;
};

/** What happened with all members, day by day, latest first. */
export function GroupTimeline({ path, query, view, now }: TimelineProps) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline of all members</h2>
      {view.timeline.length === 0 && <p class="hint">Nothing has happened with its members yet.</p>}
      {byDay(view.timeline).map(({ day, items }: { day: string; items: Touchpoint[] }) => (
        <section key={day} class="day">
          <h3>
            <time dateTime={day}>{formatDayHeading(items[0]?.occurredAt ?? 0, now)}</time>
          </h3>
          <ol class="events timeline">
            {items.map((touchpoint) => (
              <LatestItem key={touchpoint.id} touchpoint={touchpoint} now={now} numbers={view.orderNumbers} isDated />
            ))}
          </ol>
        </section>
      ))}
      <TimelinePager {...{ path, query, hasMore: view.hasMore, hasNewer: view.hasNewer, touchpoints: view.timeline }} />
    </section>
  );
}
