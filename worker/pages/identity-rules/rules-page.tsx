import { DAYS, LIMITS, type Limit, USUAL } from '../../record/identity/limits.ts';
import type { IdentityRules } from '../../record/identity/rules.ts';
import { StaffPage, type StaffPageProps } from '../layout.tsx';

export const PATH = '/identity';
/** The largest number a limit may be set to. */
export const MOST = 10_000;

const LABELS: Readonly<Record<Limit, string>> = {
  email: 'Proven e-mail addresses in a year',
  phone: 'Phone numbers in a year',
  anonymous_id: 'Browsers in a week',
  identifiers: 'Addresses, numbers and ids in all',
  merges: 'Parts joined to one record',
};

/** What was typed and what is wrong with it. */
export type Typed = {
  readonly never: string;
  readonly limits: Readonly<Record<Limit, string>>;
  readonly faults: Readonly<Partial<Record<Limit | 'never', string>>>;
};

export const typedOf = ({ neverJoin, limits }: IdentityRules): Typed => ({
  never: neverJoin.join('\n'),
  limits: {
    email: String(limits.email),
    phone: String(limits.phone),
    anonymous_id: String(limits.anonymous_id),
    identifiers: String(limits.identifiers),
    merges: String(limits.merges),
  },
  faults: {},
});

function Fault({ name, faults }: { readonly name: Limit | 'never'; readonly faults: Typed['faults'] }) {
  const fault = faults[name];
  if (!fault) return null;
  return (
    <p class="fault" id={`${name}-fault`} role="alert">
      {fault}
    </p>
  );
}

function NeverForm({ typed: { never, faults } }: { readonly typed: Typed }) {
  return (
    <form method="post" action={`${PATH}/never`} class="card log" aria-labelledby="never-title">
      <h2 id="never-title">What never joins two records</h2>
      <div class="field">
        <label for="never">One a line</label>
        <textarea
          id="never"
          name="never"
          rows={8}
          dir="auto"
          spellcheck={false}
          aria-invalid={faults.never ? 'true' : undefined}
          aria-describedby={faults.never ? 'never-fault never-hint' : 'never-hint'}
        >
          {never}
        </textarea>
        <Fault name="never" faults={faults} />
        <p class="hint" id="never-hint">
          A whole address, number or id that is nobody’s own (the till’s test customer); the beginning of addresses that
          several people read, with its @ (<code>reception@</code>); or their end (<code>@agency.example</code>). Words
          such as “null” and mailboxes such as info@ are on the list already. Records joined by one of these part within
          minutes, and join again when you take it off.
        </p>
      </div>
      <button type="submit">Save</button>
    </form>
  );
}

function LimitsForm({ typed: { limits, faults } }: { readonly typed: Typed }) {
  return (
    <form method="post" action={`${PATH}/limits`} class="card log" aria-labelledby="limits-title">
      <h2 id="limits-title">What one person may have</h2>
      <p class="hint">
        Beyond it a record is not joined by itself any more: the contact is kept, and the two stand among the
        suggestions with the reason.
      </p>
      {LIMITS.map((name) => (
        <div class="field" key={name}>
          <label for={name}>{LABELS[name]}</label>
          <input
            id={name}
            name={name}
            type="number"
            min={1}
            max={MOST}
            required
            value={limits[name]}
            aria-invalid={faults[name] ? 'true' : undefined}
            aria-describedby={faults[name] ? `${name}-fault` : `${name}-hint`}
          />
          <Fault name={name} faults={faults} />
          <p class="hint" id={`${name}-hint`}>
            Usually {String(USUAL[name])}
            {DAYS[name] ? `, counted over ${String(DAYS[name])} days` : ''}.
          </p>
        </div>
      ))}
      <button type="submit">Save</button>
    </form>
  );
}

/** `GET /identity`: what the owner says about who is who. */
export function rulesPage(typed: Typed, notice: StaffPageProps['notice']) {
  return (
    <StaffPage title="Who is who" section="suggestions" notice={notice ?? null}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href="/suggestions">Same person?</a>
          </p>
          <h1>Who is who</h1>
        </div>
      </header>
      <p>
        Records join by themselves only over an id, an address or a number that both sides proved or that signed sources
        vouch for. What somebody types is a claim and never joins anything.
      </p>
      <div class="pair identity-rules">
        <NeverForm typed={typed} />
        <LimitsForm typed={typed} />
      </div>
    </StaffPage>
  );
}
