import type { CustomerItem } from '../../record/customers.ts';
import { MAX_ROLE } from '../../record/groups/names.ts';
import type { Organisation } from '../../record/groups/organisations.ts';
import type { GroupOwner } from '../../record/groups/read.ts';
import type { MemberHint } from '../../record/groups/suggestions.ts';
import type { Member } from '../../staff/members.ts';
import { Avatar } from '../components/avatar.tsx';
import { plural } from '../format.ts';
import { OrganisationFields, type OrganisationForm } from './organisation-form.tsx';

/** What stands beside the members of an organisation. */

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

export function Hints({
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
export function Find({ organisation, q, found }: FindProps) {
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

export function Details({
  organisation,
  form,
}: {
  readonly organisation: Organisation;
  readonly form: OrganisationForm;
}) {
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

type OwnerProps = {
  readonly organisation: Organisation;
  readonly owners: readonly GroupOwner[];
  readonly staff: readonly Member[];
};

/** Who looks after its people, and a way to give all of them to somebody. */
export function Owner({ organisation, owners, staff }: OwnerProps) {
  return (
    <section class="card stack" aria-labelledby="owner">
      <h2 id="owner">Looked after by</h2>
      {owners.length === 0 && <p class="hint">Nobody looks after its members yet.</p>}
      {owners.length > 0 && (
        <ul class="bare">
          {owners.map(({ id, name, members }) => (
            <li key={id}>
              <bdi>{name}</bdi> <span class="muted">{plural(members, 'member')}</span>
            </li>
          ))}
        </ul>
      )}
      {staff.length === 0 ? (
        <p class="hint">
          <a href="/team">Add your team</a> to say who does, and whoever does is told when something changes.
        </p>
      ) : (
        <form method="post" action={`/organisations/${organisation.id}/owner`} class="stack">
          <div class="field">
            <label for="owner-of-all">All its members</label>
            <select id="owner-of-all" name="owner">
              <option value="">Nobody</option>
              {staff.map(({ id, name }) => (
                <option key={id} value={id} selected={id === owners[0]?.id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <button type="submit" class="quiet">
            Give all to them
          </button>
        </form>
      )}
    </section>
  );
}
