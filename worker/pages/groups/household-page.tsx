import type { Runtime } from '../../platform/env.ts';
import { householdById, householdName, readHousehold } from '../../record/groups/households.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { GroupFigures, GroupTimeline, MemberTable, namesOf, timelinePart } from './group-parts.tsx';

const EVENTS = 30;

/** `GET /households/:id`: people who live together, and what they come to. Null when there is no such household. */
export async function householdPage(
  runtime: Runtime,
  id: string,
  query: URLSearchParams,
  notice: StaffPageProps['notice'],
) {
  const household = await householdById(runtime.db, id);
  if (!household) return null;
  const now = runtime.clock.now();
  const timeline = timelinePart(query, EVENTS);
  const view = await readHousehold(runtime.db, household, timeline);
  const name = householdName(
    view.members.map(({ displayName }) => displayName),
    view.numbers.members,
  );
  const path = `/households/${id}`;
  return (
    <StaffPage title={name} section="households" notice={notice ?? null}>
      <header class="record-head">
        <span class="event-icon family-other">
          <Icon name="home" />
        </span>
        <div>
          <p class="label">Household</p>
          <h1 dir="auto">{name}</h1>
        </div>
      </header>
      <GroupFigures numbers={view.numbers} scores={view.scores} now={now} />
      <p class="hint">
        Each of them stays a person of their own: what one has agreed to, or refused, says nothing of the others.
      </p>
      <section aria-labelledby="members">
        <h2 id="members">Who lives here</h2>
        {view.members.length === 0 ? (
          <p class="empty">Nobody lives here any more. Open a record and compare it with another to begin anew.</p>
        ) : (
          <MemberTable
            members={view.members}
            caption="Members of the household, latest heard of first"
            kind="household"
            group={household.id}
            owners={namesOf(view.owners)}
            back={path}
            now={now}
          />
        )}
      </section>
      <GroupTimeline path={path} query={query} view={view} now={now} />
    </StaffPage>
  );
}
