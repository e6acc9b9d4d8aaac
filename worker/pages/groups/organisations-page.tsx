import type { Runtime } from '../../platform/env.ts';
import { countOrganisations, type ListedOrganisation, listOrganisations } from '../../record/groups/organisations.ts';
import { type Column, Listing } from '../components/listing.tsx';
import { SearchForm } from '../components/search-form.tsx';
import { CountCell, STATS_COLUMNS, StatsCells } from '../components/stats-cells.tsx';
import { pathWith } from '../form.ts';
import { plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { OrganisationFields, type OrganisationForm } from './organisation-form.tsx';

const PATH = '/organisations';
const PAGE = 50;

export type OrganisationsRequest = {
  readonly query: URLSearchParams;
  readonly notice?: StaffPageProps['notice'];
  /** What was typed of a new one that did not fit. */
  readonly form?: OrganisationForm;
};

function Row({ organisation, now }: { readonly organisation: ListedOrganisation; readonly now: number }) {
  const { id, name, domain, numbers } = organisation;
  return (
    <tr>
      <th scope="row">
        <span class="person-words">
          <a href={`${PATH}/${id}`} dir="auto">
            {name}
          </a>
          {domain && <span class="muted person-contact">{domain}</span>}
        </span>
      </th>
      <CountCell count={numbers.members} of="member" />
      <StatsCells stats={numbers} now={now} />
    </tr>
  );
}

const COLUMNS: readonly Column[] = [{ title: 'Name' }, { title: 'Members', is: 'number' }, ...STATS_COLUMNS];

function Nothing({ known }: { readonly known: number }) {
  if (known > 0)
    return (
      <div class="empty">
        <p>No organisation matches. Try fewer letters of its name, or its domain.</p>
        <p>
          <a href={PATH}>Show all {plural(known, 'organisation')}</a>
        </p>
      </div>
    );
  return (
    <div class="empty">
      <p>
        No organisation is known yet. One appears when a source names it: a “group” call of an event SDK, or an order
        that a shop takes for a company.
      </p>
      <p>Or add one here, and put its people in on their records.</p>
    </div>
  );
}

function New({ form, isOpen }: { readonly form: OrganisationForm; readonly isOpen: boolean }) {
  return (
    <details class="card" open={isOpen}>
      <summary>Add an organisation</summary>
      <form method="post" action={PATH} class="stack">
        <OrganisationFields form={form} />
        <button type="submit">Add</button>
      </form>
    </details>
  );
}

const BLANK: OrganisationForm = { name: '', domain: '', faults: {} };

/** `GET /organisations`: the businesses and bodies that customers belong to. Null when the cursor is none of ours. */
export async function organisationsPage(runtime: Runtime, { query, notice = null, form }: OrganisationsRequest) {
  const q = query.get('q')?.trim();
  const cursor = query.get('cursor');
  const [page, known] = await Promise.all([
    listOrganisations(runtime, { limit: PAGE, ...(q && { q }), ...(cursor && { cursor }) }),
    countOrganisations(runtime.db),
  ]);
  if (!page) return null;
  return (
    <StaffPage title="Organisations" section="organisations" notice={notice}>
      <header class="page-head">
        <h1>Organisations</h1>
        <p class="muted">{plural(known, 'organisation')}</p>
        <p>
          <a href="/households">Households</a>
        </p>
      </header>
      {known > 0 && (
        <SearchForm action={PATH} label="Search organisations" placeholder="Name or domain" q={query.get('q') ?? ''} />
      )}
      {page.items.length === 0 ? (
        <Nothing known={known} />
      ) : (
        <Listing caption="Organisations by name" columns={COLUMNS}>
          {page.items.map((organisation) => (
            <Row key={organisation.id} organisation={organisation} now={runtime.clock.now()} />
          ))}
        </Listing>
      )}
      {(page.nextCursor || cursor) && (
        <nav class="pager" aria-label="Pages">
          {cursor && <a href={pathWith(PATH, query, { cursor: null, done: null })}>First page</a>}
          {page.nextCursor && (
            <a rel="next" href={pathWith(PATH, query, { cursor: page.nextCursor, done: null })}>
              Next {String(PAGE)}
              <Icon name="arrow" />
            </a>
          )}
        </nav>
      )}
      <section>
        <New form={form ?? BLANK} isOpen={form !== undefined || known === 0} />
      </section>
    </StaffPage>
  );
}
