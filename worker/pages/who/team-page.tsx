import { DIGEST_HOUR } from '../../digests/put.ts';
import type { Member } from '../../staff/members.ts';
import { plural } from '../format.ts';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { TextField } from '../log/contact-fields.tsx';

export type MemberForm = {
  /** Public id of who is changed; null for somebody new. */
  readonly id: string | null;
  readonly name: string;
  readonly email: string;
  readonly digest: boolean;
  readonly faults: { readonly name?: string; readonly email?: string };
};

const BLANK: MemberForm = { id: null, name: '', email: '', digest: false, faults: {} };

export type TeamPageProps = {
  readonly members: readonly Member[];
  /** Who this session has said they are. */
  readonly you: string | null;
  readonly form: MemberForm | null;
  /** There is a way for mails to go out. */
  readonly canMail: boolean;
  readonly notice?: StaffPageProps['notice'];
};

type FieldsProps = { readonly prefix: string; readonly form: MemberForm; readonly canMail: boolean };

function Fields({ prefix, form, canMail }: FieldsProps) {
  return (
    <>
      <TextField
        id={`${prefix}-name`}
        name="name"
        label="Name"
        value={form.name}
        fault={form.faults.name}
        maxLength={100}
      />
      <TextField
        id={`${prefix}-email`}
        name="email"
        type="email"
        label="E-mail"
        hint="May stay empty."
        value={form.email}
        fault={form.faults.email}
        maxLength={200}
      />
      <label class="take-back">
        <input type="checkbox" name="digest" value="1" checked={form.digest} />
        <span>
          A mail each morning, at {DIGEST_HOUR}:00 UTC, with what is new about customers they look after; none when
          nothing is.
          {!canMail && (
            <>
              {' '}
              Mails cannot go out yet: set that up under <a href="/mail">Outgoing mail</a>.
            </>
          )}
        </span>
      </label>
    </>
  );
}

function MemberItem({
  member,
  form,
  isYou,
  canMail,
}: {
  readonly member: Member;
  readonly form: MemberForm | null;
  readonly isYou: boolean;
  readonly canMail: boolean;
}) {
  const shown =
    form?.id === member.id
      ? form
      : { ...BLANK, id: member.id, name: member.name, email: member.email ?? '', digest: member.digest };
  return (
    <li class={member.isActive ? 'member' : 'member has-left'}>
      <p class="member-name">
        <b dir="auto">{member.name}</b>
        {isYou && <span class="trust trust-verified">you</span>}
        {!member.isActive && <span class="muted">has left</span>}
      </p>
      <p class="event-meta">
        {member.email !== null && <span>{member.email}</span>}
        {member.digest && member.isActive && <span>gets a mail each morning</span>}
        {member.customers > 0 ? (
          <a href={`/customers?owner=${member.id}`}>looks after {plural(member.customers, 'customer')}</a>
        ) : (
          <span>looks after nobody yet</span>
        )}
      </p>
      <details class="more" open={form?.id === member.id}>
        <summary>
          Change<span class="visually-hidden"> {member.name}</span>
        </summary>
        <form method="post" action={`/team/${member.id}`} class="stack">
          <Fields prefix={`m-${member.id}`} form={shown} canMail={canMail} />
          <label class="take-back">
            <input type="checkbox" name="left" value="1" checked={!member.isActive} />
            <span>Has left. What they said stays under their name.</span>
          </label>
          <button type="submit" class="quiet">
            Save
          </button>
        </form>
      </details>
    </li>
  );
}

function You({ members, you }: Pick<TeamPageProps, 'members' | 'you'>) {
  const active = members.filter(({ isActive }) => isActive);
  return (
    <section class="card stack narrow" aria-labelledby="you">
      <h2 id="you">You are</h2>
      <p class="hint">What you change is written down under this name, in this browser, until you sign out.</p>
      <form method="post" action="/team/me" class="row">
        <label class="visually-hidden" for="me">
          You are
        </label>
        <select id="me" name="member">
          <option value="" selected={you === null}>
            Nobody in particular
          </option>
          {active.map(({ id, name }) => (
            <option key={id} value={id} selected={id === you}>
              {name}
            </option>
          ))}
        </select>
        <button type="submit" class="quiet">
          That is me
        </button>
      </form>
    </section>
  );
}

/** `GET /team`: who works here. */
export function teamPage({ members, you, form, canMail, notice = null }: TeamPageProps) {
  const added = form?.id === null ? form : BLANK;
  return (
    <StaffPage title="Team" section="team" notice={notice}>
      <header class="page-head">
        <h1>Team</h1>
        <p class="muted">{plural(members.filter(({ isActive }) => isActive).length, 'person', 'people')}</p>
      </header>
      <p class="lead">
        Who looks after customers, and whose name stands beside what is changed. Anybody with the admin token can still
        sign in; this says who it is.
      </p>
      {members.length > 0 && <You members={members} you={you} />}
      {members.length === 0 ? (
        <p class="empty">Nobody is on the team yet. Add the first person below, then say that it is you.</p>
      ) : (
        <ul class="members" aria-label="Members of the team">
          {members.map((member) => (
            <MemberItem key={member.id} member={member} form={form} isYou={member.id === you} canMail={canMail} />
          ))}
        </ul>
      )}
      <section class="card narrow" aria-labelledby="add">
        <h2 id="add">Add somebody</h2>
        <form method="post" action="/team" class="stack">
          <Fields prefix="new" form={added} canMail={canMail} />
          <button type="submit">Add</button>
        </form>
      </section>
    </StaffPage>
  );
}
