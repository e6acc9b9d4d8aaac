import type { Runtime } from '../../platform/env.ts';
import { type CustomerItem, listCustomers } from '../../record/customers.ts';
import { MAX_ROLE } from '../../record/groups/names.ts';
import { type Organisation, organisationById } from '../../record/groups/organisations.ts';
import { type GroupView, readGroup } from '../../record/groups/read.ts';
import { type MemberHint, memberHints } from '../../record/groups/suggestions.ts';
import { Avatar } from '../components/avatar.tsx';
import { Moment } from '../components/time.tsx';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { GroupFigures, GroupPager, GroupTimeline, MemberTable, pageNumber } from './group-parts.tsx';
import { OrganisationFields, type OrganisationForm } from './organisation-form.tsx';

const MEMBERS = 50;
const EVENTS = 30;
const FOUND = 10;

export type OrganisationRequest = {
  readonly query: URLSearchParams;
  readonly notice?: StaffPageProps['notice'];
  /** What was typed of its name that did not fit. */
  readonly form?: OrganisationForm;
};

const nameOf = (customer: CustomerItem): string => customer.displayName ?? 'No name yet';

/** The button that puts somebody in. */
function PutIn({ organisation, customer }: { readonly organisation: Organisation; readonly customer: CustomerItem }) {
  return (
    <form method="post" action={`/organisations/${organisation.id}/members`}>
      <input type="hidden" name="customer" value={customer.id} />
      <button type="submit" class="small">
        Add<span class="visually-hidden"> {nameOf(customer)}</span>
      </button>
    </form>
  );
}

function Person({ customer, note }: { readonly customer: CustomerItem; readonly note: string | null }) {
  return (
    <>
      <Avatar id={customer.id} name={customer.displayName} />
      <p class="person-words">
        <a href={`/customers/${customer.id}`} dir="auto">
          {nameOf(customer)}
        </a>
        {note && (
          <span class="muted person-contact" dir="auto">
            {note}
          </span>
        )}
      </p>
    </>
  );
}

const hintWords = ({ why, value, isClaim }: MemberHint): string =>
  why === 'domain' ? `${isClaim ? 'says: ' : ''}${value}` : `${isClaim ? 'says they are' : 'named with'} “${value}”`;

function Hints({
  organisation,
  hints,
}: {
  readonly organisation: Organisation;
  readonly hints: readonly MemberHint[];
}) {
  if (hints.length === 0) return null;
  return (
    <section class="card" aria-labelledby="hints">
      <h2 id="hints">May belong here</h2>
      <ul class="people">
        {hints.map((hint) => (
          <li key={hint.customer.id}>
            <Person customer={hint.customer} note={hintWords(hint)} />
            <PutIn organisation={organisation} customer={hint.customer} />
            <form method="post" action={`/organisations/${organisation.id}/members/${hint.customer.id}/remove`}>
              <input type="hidden" name="back" value={`/organisations/${organisation.id}`} />
              <button type="submit" class="small">
                No<span class="visually-hidden">, {nameOf(hint.customer)} does not belong here</span>
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}

type FindProps = {
  readonly organisation: Organisation;
  readonly q: string;
  readonly found: readonly CustomerItem[] | null;
};

/** Finds a customer, and puts them in. */
function Find({ organisation, q, found }: FindProps) {
  return (
    <section class="card stack" aria-labelledby="find">
      <h2 id="find">Add a member</h2>
      <search>
        <form method="get" class="stack" action={`/organisations/${organisation.id}#find`}>
          <div class="field">
            <label for="find-q">Name, address or phone of a customer</label>
            <input id="find-q" name="find" type="search" value={q} maxLength={100} dir="auto" autocomplete="off" />
          </div>
          <button type="submit" class="quiet">
            Find
          </button>
        </form>
      </search>
      {found?.length === 0 && <p class="hint">Nobody else is found by this. Try part of a name or an address.</p>}
      {found && found.length > 0 && (
        <ul class="people">
          {found.map((customer) => (
            <li key={customer.id}>
              <Person customer={customer} note={customer.contact === customer.displayName ? null : customer.contact} />
              <form method="post" action={`/organisations/${organisation.id}/members`} class="row">
                <input type="hidden" name="customer" value={customer.id} />
                <label class="visually-hidden" for={`role-${customer.id}`}>
                  Role of {nameOf(customer)}
                </label>
                <input
                  id={`role-${customer.id}`}
                  name="role"
                  maxLength={MAX_ROLE}
                  placeholder="Role (optional)"
                  dir="auto"
                  autocomplete="off"
                />
                <button type="submit" class="small">
                  Add<span class="visually-hidden"> {nameOf(customer)}</span>
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Details({ organisation, form }: { readonly organisation: Organisation; readonly form: OrganisationForm }) {
  const isOpen = Object.keys(form.faults).length > 0;
  return (
    <details class="card" open={isOpen}>
      <summary>Change or delete</summary>
      <div class="stack">
        <form method="post" action={`/organisations/${organisation.id}`} class="stack">
          <OrganisationFields form={form} />
          {organisation.namedBy === 'source' && (
            <p class="hint">A source gave it this name. What you write here stands, whatever the source says later.</p>
          )}
          <button type="submit">Save</button>
        </form>
        <form method="post" action={`/organisations/${organisation.id}/delete`}>
          <button type="submit" class="quiet">
            Delete this organisation
          </button>
          <p class="hint">Its members stay as they are. You can bring it back.</p>
        </form>
      </div>
    </details>
  );
}

/** What is left of one that was deleted: the way back. */
function deletedPage(organisation: Organisation, notice: StaffPageProps['notice']) {
  return (
    <StaffPage title={organisation.name} section="organisations" notice={notice ?? null}>
      <header class="page-head">
        <h1 dir="auto">{organisation.name}</h1>
      </header>
      <div class="empty">
        <p>
          This organisation was deleted on <Moment ms={organisation.deletedAt ?? 0} />. The records of its members do
          not show it, and what sources say of it changes nothing.
        </p>
        <form method="post" action={`/organisations/${organisation.id}/restore`}>
          <button type="submit">Bring it back</button>
        </form>
      </div>
    </StaffPage>
  );
}

type Parts = {
  readonly organisation: Organisation;
  readonly view: GroupView;
  readonly hints: readonly MemberHint[];
  readonly found: readonly CustomerItem[] | null;
  readonly owners: ReadonlyMap<string, string>;
};

function Members({
  organisation,
  view,
  owners,
  query,
  now,
}: Omit<Parts, 'hints' | 'found'> & { readonly query: URLSearchParams; readonly now: number }) {
  const path = `/organisations/${organisation.id}`;
  return (
    <section aria-labelledby="members">
      <h2 id="members">Members</h2>
      {view.members.length === 0 ? (
        <p class="empty">Nobody belongs to it yet. Find a customer under “Add a member”, or add it on their record.</p>
      ) : (
        <MemberTable
          members={view.members}
          caption={`Members of ${organisation.name}, latest heard of first`}
          kind="organisation"
          group={organisation.id}
          owners={owners}
          back={path}
          now={now}
        />
      )}
      <GroupPager
        path={path}
        query={query}
        name="members"
        anchor="members"
        label="Pages of members"
        hasMore={view.hasMoreMembers}
      />
    </section>
  );
}

async function read({ db }: Runtime, organisation: Organisation, query: URLSearchParams): Promise<Parts> {
  const q = query.get('find')?.trim() ?? '';
  const [view, hints, found] = await Promise.all([
    readGroup(db, 'organisation', organisation.key, {
      members: { limit: MEMBERS, offset: (pageNumber(query, 'members') - 1) * MEMBERS },
      timeline: { limit: EVENTS, offset: (pageNumber(query, 'page') - 1) * EVENTS },
    }),
    memberHints(db, organisation),
    q === '' ? null : listCustomers(db, { q, limit: FOUND }),
  ]);
  const inside = new Set(view.members.map(({ id }) => id));
  return {
    organisation,
    view,
    hints,
    found: found === null ? null : found.items.filter(({ id }) => !inside.has(id)),
    owners: new Map(),
  };
}

/** `GET /organisations/:id`: its people, what they come to, and all that happened with them. Null when there is none. */
export async function organisationPage(runtime: Runtime, id: string, { query, notice, form }: OrganisationRequest) {
  const organisation = await organisationById(runtime.db, id);
  if (!organisation) return null;
  if (organisation.deletedAt !== null) return deletedPage(organisation, notice);
  const parts = await read(runtime, organisation, query);
  const { view, hints, found } = parts;
  const now = runtime.clock.now();
  const path = `/organisations/${id}`;
  const { name, domain } = organisation;
  return (
    <StaffPage title={name} section="organisations" notice={notice ?? null}>
      <header class="record-head">
        <span class="event-icon family-other">
          <Icon name="building" />
        </span>
        <div>
          <p class="label">Organisation{domain && `, ${domain}`}</p>
          <h1 dir="auto">{name}</h1>
        </div>
      </header>
      <GroupFigures numbers={view.numbers} scores={view.scores} now={now} />
      <div class="columns">
        <div class="columns-main">
          <Members {...parts} query={query} now={now} />
          <GroupTimeline path={path} query={query} view={view} now={now} />
        </div>
        <div class="columns-side">
          <Hints organisation={organisation} hints={hints} />
          <Find organisation={organisation} q={query.get('find') ?? ''} found={found} />
          <Details organisation={organisation} form={form ?? { name, domain: domain ?? '', faults: {} }} />
        </div>
      </div>
    </StaffPage>
  );
}
