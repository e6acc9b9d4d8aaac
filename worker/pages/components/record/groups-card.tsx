import type { HouseholdPart as HouseholdOf } from '../../../record/customer/groups.ts';
import { householdName } from '../../../record/groups/households.ts';
import { MAX_NAME, MAX_ROLE } from '../../../record/groups/names.ts';
import { TakeOut } from '../../groups/group-parts.tsx';
import type { CardProps } from './card.ts';

type Props = Pick<CardProps, 'record'>;

function Organisations({ record }: Props) {
  const back = `/customers/${record.id}`;
  return (
    <ul class="people memberships">
      {record.groups.organisations.map(({ id, name, role, saidBy }) => (
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
          <TakeOut kind="organisation" group={id} customer={record.id} name={name ?? ''} back={back} />
        </li>
      ))}
    </ul>
  );
}

/** Organisations that an address or a company of theirs points to. */
function Hints({ record }: Props) {
  const back = `/customers/${record.id}`;
  return (
    <ul class="people memberships">
      {record.groups.hints.map(({ id, name, why, value, isClaim }) => (
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

function AddFields({ record }: Props) {
  const company = record.profile.company?.value ?? '';
  return (
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
  );
}

function AddTo({ record }: Props) {
  return (
    <details class="more">
      <summary>Add to an organisation</summary>
      <AddFields record={record} />
    </details>
  );
}

function Household({ household, own }: { household: HouseholdOf; own: string }) {
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
      <TakeOut kind="household" group={household.id} customer={own} name={name} back={`/customers/${own}`} />
    </>
  );
}

/** Others who hold the same telephone, though evidence says that they are somebody else: a family often does. */
const sharing = (record: CardProps['record'], known: ReadonlySet<string>) =>
  record.suggestions.flatMap(({ customerId, displayName, reason }) =>
    reason.rule === 'claimed_identifier' || reason.rule === 'alike' || reason.kind !== 'phone' || known.has(customerId)
      ? []
      : [{ customerId, displayName, phone: reason.value }],
  );

function Neighbours({ record, known }: { readonly record: CardProps['record']; readonly known: ReadonlySet<string> }) {
  const others = sharing(record, known);
  if (others.length === 0) return null;
  return (
    <ul class="people memberships">
      {others.map(({ customerId, displayName, phone }) => (
        <li key={customerId}>
          <p class="person-words">
            <span>
              Shares {phone} with{' '}
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

/** The organisations they belong to. */
function OrganisationPart({ record }: Props) {
  return (
    <section aria-labelledby="organisation">
      <h3 id="organisation">Organisation</h3>
      <Organisations record={record} />
      <Hints record={record} />
      <AddTo record={record} />
    </section>
  );
}

function HouseholdHint({ record }: Props) {
  return (
    <p class="hint">
      Lives with nobody that is known. If two of your customers live together,{' '}
      <a href={`/customers/${record.id}/compare`}>compare their records</a> and say so there.
    </p>
  );
}

/** Whom they live with. */
function HouseholdPart({ record, known }: Props & { readonly known: ReadonlySet<string> }) {
  const { households } = record.groups;
  return (
    <section aria-labelledby="household">
      <h3 id="household">Household</h3>
      {households.map((household) => (
        <Household key={household.id} household={household} own={record.id} />
      ))}
      {households.length === 0 && <HouseholdHint record={record} />}
      <Neighbours record={record} known={known} />
    </section>
  );
}

/** Organisations and household: one line while there is neither. */
export function GroupsCard({ record }: CardProps) {
  const { organisations, hints, households } = record.groups;
  const known = new Set(households.flatMap(({ members }) => members.map(({ id }) => id)));
  const isEmpty = organisations.length + hints.length + households.length + sharing(record, known).length === 0;
  return (
    <section class="card groups-card" aria-labelledby="groups">
      <h2 id="groups">Belongs with</h2>
      {isEmpty ? (
        <details class="more">
          <summary>Nobody that is known. Say with whom</summary>
          <div class="stack">
            <AddFields record={record} />
            <HouseholdHint record={record} />
          </div>
        </details>
      ) : (
        <>
          <OrganisationPart record={record} />
          <HouseholdPart record={record} known={known} />
        </>
      )}
    </section>
  );
}

/** Whom they belonged to and lived with on a past day, where that was said by then. */
export function PastGroupsCard({ record }: CardProps) {
  const { organisations, households } = record.groups;
  if (organisations.length === 0 && households.length === 0) return null;
  return (
    <section class="card" aria-labelledby="groups">
      <h2 id="groups">Belonged to</h2>
      <ul class="people">
        {organisations.map(({ id, name, role }) => (
          <li key={id}>
            <p class="person-words">
              <a href={`/organisations/${id}`} dir="auto">
                {name}
              </a>
              {role && (
                <span class="muted person-contact" dir="auto">
                  {role}
                </span>
              )}
            </p>
          </li>
        ))}
        {households.map(({ id, members }) => (
          <li key={id}>
            <a href={`/households/${id}`} dir="auto">
              {householdName(members.map(({ name }) => name))}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
