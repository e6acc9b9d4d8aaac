import type { CustomerRecord } from '../../record/customer.ts';
import { householdName } from '../../record/groups/households.ts';
import { MAX_NAME, MAX_ROLE } from '../../record/groups/names.ts';
import type { Groups, HouseholdPart } from '../../record/groups/of-customer.ts';
import { TakeOut } from '../groups/group-parts.tsx';

type Props = { readonly record: CustomerRecord; readonly groups: Groups; readonly isPast?: boolean };

function Organisations({ record, groups, isPast }: Props) {
  const back = `/customers/${record.id}`;
  return (
    <ul class="people memberships">
      {groups.organisations.map(({ id, name, role, saidBy }) => (
        <li key={id}>
          <p class="person-words">
            <a href={`/organisations/${id}`} dir="auto">
              {name}
            </a>
            {(role || saidBy === 'source') && (
              <span class="muted person-contact" dir="auto">
                {[role, saidBy === 'source' ? 'by a source' : null].filter(Boolean).join(', ')}
              </span>
            )}
          </p>
          {!isPast && <TakeOut kind="organisation" group={id} customer={record.id} name={name ?? ''} back={back} />}
        </li>
      ))}
    </ul>
  );
}

/** Organisations that an address or a company of theirs points to. */
function Hints({ record, groups }: Props) {
  const back = `/customers/${record.id}`;
  return (
    <ul class="people memberships">
      {groups.hints.map(({ id, name, why, value, isClaim }) => (
        <li key={id}>
          <p class="person-words">
            <span>
              May belong to{' '}
              <a href={`/organisations/${id}`} dir="auto">
                {name}
              </a>
            </span>
            <span class="muted person-contact" dir="auto">
              {isClaim ? 'says: ' : ''}
              {why === 'company' ? `“${value}”` : value}
            </span>
          </p>
          <form method="post" action={`/organisations/${id}/members`}>
            <input type="hidden" name="customer" value={record.id} />
            <input type="hidden" name="back" value={back} />
            <button type="submit" class="small">
              Yes<span class="visually-hidden">, belongs to {name}</span>
            </button>
          </form>
          <form method="post" action={`/organisations/${id}/members/${record.id}/remove`}>
            <input type="hidden" name="back" value={back} />
            <button type="submit" class="small">
              No<span class="visually-hidden">, does not belong to {name}</span>
            </button>
          </form>
        </li>
      ))}
    </ul>
  );
}

function AddTo({ record }: Pick<Props, 'record'>) {
  const company = record.profile.company?.value ?? '';
  return (
    <details class="more">
      <summary>Add to an organisation</summary>
      <form method="post" action={`/customers/${record.id}/organisations`} class="stack">
        <div class="field">
          <label for="organisation-name">Organisation</label>
          <input
            id="organisation-name"
            name="name"
            value={company}
            maxLength={MAX_NAME}
            required
            dir="auto"
            autocomplete="off"
            aria-describedby="organisation-hint"
          />
          <p class="hint" id="organisation-hint">
            One that is not there yet is made.
          </p>
        </div>
        <div class="field">
          <label for="organisation-role">Role (optional)</label>
          <input id="organisation-role" name="role" maxLength={MAX_ROLE} dir="auto" autocomplete="off" />
        </div>
        <button type="submit" class="quiet">
          Add
        </button>
      </form>
    </details>
  );
}

function Household({ household, own, isPast }: { household: HouseholdPart; own: string; isPast: boolean }) {
  const others = household.members.filter(({ id }) => id !== own);
  const name = householdName(household.members.map((member) => member.name));
  return (
    <>
      <p>
        <a href={`/households/${household.id}`} dir="auto">
          {name}
        </a>
      </p>
      {others.length === 0 && <p class="hint">Nobody else lives there now.</p>}
      <ul class="people memberships">
        {others.map((member) => (
          <li key={member.id}>
            <a href={`/customers/${member.id}`} dir="auto">
              {member.name ?? 'No name yet'}
            </a>
          </li>
        ))}
      </ul>
      {!isPast && (
        <TakeOut kind="household" group={household.id} customer={own} name={name} back={`/customers/${own}`} />
      )}
    </>
  );
}

/** Others who hold the same telephone, though evidence says that they are somebody else: a family often does. */
function Neighbours({ record, known }: { readonly record: CustomerRecord; readonly known: ReadonlySet<string> }) {
  const sharing = record.suggestions.filter(
    ({ customerId, reason }) =>
      reason.rule !== 'claimed_identifier' && reason.kind === 'phone' && !known.has(customerId),
  );
  if (sharing.length === 0) return null;
  return (
    <ul class="people memberships">
      {sharing.map(({ customerId, displayName, reason }) => (
        <li key={customerId}>
          <p class="person-words">
            <span>
              Shares {reason.value} with{' '}
              <a href={`/customers/${customerId}`} dir="auto">
                {displayName ?? 'somebody without a name'}
              </a>
            </span>
          </p>
          <form method="post" action={`/customers/${record.id}/household`}>
            <input type="hidden" name="with" value={customerId} />
            <button type="submit" class="small">
              One household<span class="visually-hidden"> with {displayName ?? 'somebody without a name'}</span>
            </button>
          </form>
        </li>
      ))}
    </ul>
  );
}

/** Whom they belong to and whom they live with. */
export function MembershipCards({ record, groups, isPast = false }: Props) {
  const known = new Set(groups.households.flatMap(({ members }) => members.map(({ id }) => id)));
  return (
    <>
      <section class="card" aria-labelledby="organisations">
        <h2 id="organisations">Organisation</h2>
        {groups.organisations.length === 0 && groups.hints.length === 0 && (
          <p class="hint">Belongs to no organisation that is known.</p>
        )}
        <Organisations record={record} groups={groups} isPast={isPast} />
        {!isPast && <Hints record={record} groups={groups} />}
        {!isPast && <AddTo record={record} />}
      </section>
      <section class="card" aria-labelledby="household">
        <h2 id="household">Household</h2>
        {groups.households.map((household) => (
          <Household key={household.id} household={household} own={record.id} isPast={isPast} />
        ))}
        {groups.households.length === 0 && (
          <p class="hint">
            Lives with nobody that is known. Two who do are said to on{' '}
            <a href={`/customers/${record.id}/compare`}>the comparison of their records</a>.
          </p>
        )}
        {!isPast && <Neighbours record={record} known={known} />}
      </section>
    </>
  );
}
