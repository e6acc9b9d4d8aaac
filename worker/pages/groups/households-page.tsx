import type { Runtime } from '../../platform/env.ts';
import { type ListedHousehold, listHouseholds } from '../../record/groups/household-list.ts';
import { type Column, Listing } from '../components/listing.tsx';
import { CountCell, STATS_COLUMNS, StatsCells } from '../components/stats-cells.tsx';
import { pathWith } from '../form.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';

const PATH = '/households';
const PAGE = 50;

function Row({ household, now }: { readonly household: ListedHousehold; readonly now: number }) {
  const { id, name, numbers } = household;
  return (
    <tr>
      <th scope="row">
        <a href={`${PATH}/${id}`} dir="auto">
          {name}
        </a>
      </th>
      <CountCell count={numbers.members} of="member" />
      <StatsCells stats={numbers} now={now} />
    </tr>
  );
}

const COLUMNS: readonly Column[] = [{ title: 'Household' }, { title: 'Members', is: 'number' }, ...STATS_COLUMNS];

const NOBODY = (
  <div class="empty">
    <p>No household is known yet.</p>
    <p>
      Compare two records, under <a href="/suggestions">Same person?</a> or from one of them, and say that they live
      together: both stay people of their own.
    </p>
  </div>
);

/** `GET /households`: people who live together, the newest first. Null when the cursor is none of ours. */
export async function householdsPage(runtime: Runtime, query: URLSearchParams, notice: StaffPageProps['notice']) {
  const cursor = query.get('cursor');
  const page = await listHouseholds(runtime.db, { limit: PAGE, ...(cursor && { cursor }) });
  if (!page) return null;
  return (
    <StaffPage title="Households" section="households" notice={notice ?? null}>
      <header class="page-head">
        <h1>Households</h1>
        <p>
          <a href="/organisations">Organisations</a>
        </p>
      </header>
      {page.items.length === 0 ? (
        NOBODY
      ) : (
        <Listing caption="Households, the newest first" columns={COLUMNS}>
          {page.items.map((household) => (
            <Row key={household.id} household={household} now={runtime.clock.now()} />
          ))}
        </Listing>
      )}
      {(page.nextCursor || cursor) && (
        <nav class="pager" aria-label="Pages">
          {cursor && <a href={PATH}>First page</a>}
          {page.nextCursor && (
            <a rel="next" href={pathWith(PATH, query, { cursor: page.nextCursor, done: null })}>
              Next {String(PAGE)}
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
    </StaffPage>
  );
}
