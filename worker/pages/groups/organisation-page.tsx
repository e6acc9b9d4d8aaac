import type { Runtime } from '../../platform/env.ts';
import { type CustomerItem, listCustomers } from '../../record/customers.ts';
import { type Organisation, organisationById } from '../../record/groups/organisations.ts';
import { type GroupView, readGroup } from '../../record/groups/read.ts';
import { type MemberHint, memberHints } from '../../record/groups/suggestions.ts';
import { listMembers, type Member } from '../../staff/members.ts';
import { Moment } from '../components/time.tsx';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import {
  GroupFigures,
  GroupPager,
  GroupTimeline,
  MemberTable,
  namesOf,
  pageNumber,
  timelinePart,
} from './group-parts.tsx';
import { Details, Find, Hints, Owner } from './organisation-cards.tsx';
import type { OrganisationForm } from './organisation-form.tsx';

const MEMBERS = 50;
const EVENTS = 30;
const FOUND = 10;

export type OrganisationRequest = {
  readonly query: URLSearchParams;
  readonly notice?: StaffPageProps['notice'];
  /** What was typed of its name that did not fit. */
  readonly form?: OrganisationForm;
};

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
  readonly staff: readonly Member[];
};

function Members({
  organisation,
  view,
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
          owners={namesOf(view.owners)}
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
  const [view, hints, found, staff] = await Promise.all([
    readGroup(db, 'organisation', organisation.key, {
      members: { limit: MEMBERS, offset: (pageNumber(query, 'members') - 1) * MEMBERS },
      timeline: timelinePart(query, EVENTS),
    }),
    memberHints(db, organisation),
    q === '' ? null : listCustomers(db, { q, limit: FOUND }),
    listMembers(db),
  ]);
  const inside = new Set(view.members.map(({ id }) => id));
  return {
    organisation,
    view,
    hints,
    found: found === null ? null : found.items.filter(({ id }) => !inside.has(id)),
    staff: staff.filter(({ isActive }) => isActive),
  };
}

/** `GET /organisations/:id`: its people, what they come to, and all that happened with them. Null when there is none. */
export async function organisationPage(runtime: Runtime, id: string, { query, notice, form }: OrganisationRequest) {
  const organisation = await organisationById(runtime.db, id);
  if (!organisation) return null;
  if (organisation.deletedAt !== null) return deletedPage(organisation, notice);
  const parts = await read(runtime, organisation, query);
  const { view, hints, found, staff } = parts;
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
          <Owner organisation={organisation} owners={view.owners} staff={staff} />
          <Find organisation={organisation} q={query.get('find') ?? ''} found={found} />
          <Details organisation={organisation} form={form ?? { name, domain: domain ?? '', faults: {} }} />
        </div>
      </div>
    </StaffPage>
  );
}
