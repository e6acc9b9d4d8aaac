import type { Runtime } from '../platform/env.ts';
import type { CustomerRecord } from '../record/customer.ts';
import { listCustomers } from '../record/customers.ts';
import { type Argument, type Comparison, together } from '../record/identity/compare.ts';
import { argumentSentence } from './argument-words.ts';
import { fieldLines } from './compare-fields.ts';
import { type ComparedLine, comparedLines } from './compare-words.ts';
import { Avatar } from './components/avatar.tsx';
import { kindName } from './components/identity.tsx';
import { formatCount, formatDay, formatMoney } from './format.ts';
import { Icon } from './icons.tsx';
import { StaffPage } from './layout.tsx';

const nameOf = ({ displayName }: CustomerRecord): string => displayName ?? 'No name yet';

function Arguments({ title, list, none }: { title: string; list: readonly Argument[]; none: string }) {
  const id = title.toLowerCase().replace(/\W+/g, '-');
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {list.length === 0 && <p class="hint">{none}</p>}
      <ul class="arguments">
        {list.map((argument) => (
          <li key={JSON.stringify(argument)} dir="auto">
            {argumentSentence(argument)}
          </li>
        ))}
      </ul>
    </section>
  );
}

type Stats = CustomerRecord['stats'];
type Line = readonly [label: string, of: (record: Pick<CustomerRecord, 'stats'>) => string];

const day = (ms: number | null): string => (ms === null ? '–' : formatDay(ms));
const revenueOf = ({ revenue }: Stats): string => revenue.map(formatMoney).join(', ') || '–';
const NUMBERS: readonly Line[] = [
  ['Touchpoints', ({ stats }) => formatCount(stats.touchpoints)],
  ['Orders', ({ stats }) => formatCount(stats.orders)],
  ['Revenue', ({ stats }) => revenueOf(stats)],
  ['First contact', ({ stats }) => day(stats.firstTouchpointAt)],
  ['Last contact', ({ stats }) => day(stats.lastTouchpointAt)],
];

/** Values of one kind, each once; a claim is told as such. */
function valuesOf(record: Pick<CustomerRecord, 'identifiers'>, kind: string): string[] {
  const best = new Map<string, boolean>();
  for (const { kind: own, value, assurance } of record.identifiers)
    if (own === kind) best.set(value, best.get(value) || assurance !== 'claimed');
  return [...best].map(([value, isProven]) => (isProven ? value : `says: ${value}`));
}

const PERSONAL = ['email', 'phone', 'customer', 'user_id'];

function Values({ values }: { readonly values: readonly string[] }) {
  if (values.length === 0) return <>–</>;
  return (
    <ul class="bare">
      {values.map((value) => (
        <li key={value}>
          <bdi>{value}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Lines({ lines }: { readonly lines: readonly ComparedLine[] }) {
  return (
    <>
      {lines.map(([label, values]) => (
        <tr key={label}>
          <th scope="row" dir="auto">
            {label}
          </th>
          {values.map((list, column) => (
            <td key={String(column)}>
              <Values values={list} />
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}

/** The two side by side, and what they would be as one. */
function SideBySide({ a, b }: { readonly a: CustomerRecord; readonly b: CustomerRecord }) {
  const both = { stats: together(a, b), identifiers: [...a.identifiers, ...b.identifiers] };
  const kinds = PERSONAL.filter((kind) => [a, b].some(({ identifiers }) => identifiers.some((i) => i.kind === kind)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <section class="wide" tabIndex={0} aria-label="The two records side by side">
      <table class="compare">
        <thead>
          <tr>
            <td />
            {[a, b].map((record) => (
              <th scope="col" key={record.id}>
                <a href={`/customers/${record.id}`} dir="auto">
                  {nameOf(record)}
                </a>
              </th>
            ))}
            <th scope="col">As one record</th>
          </tr>
        </thead>
        <tbody>
          <Lines lines={fieldLines(a, b)} />
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">{kindName(kind)}</th>
              {[a, b, both].map((side, column) => (
                <td key={String(column)}>
                  <Values values={valuesOf(side, kind)} />
                </td>
              ))}
            </tr>
          ))}
          {NUMBERS.map(([label, of]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {[a, b, both].map((side, column) => (
                <td key={String(column)}>{of(side)}</td>
              ))}
            </tr>
          ))}
          <Lines lines={comparedLines(a, b)} />
        </tbody>
      </table>
    </section>
  );
}

/** `GET /customers/:id/compare/:other`: the evidence, the result, and the three answers. */
export function comparePage(a: CustomerRecord, b: CustomerRecord, { pro, contra }: Comparison, fault: string | null) {
  return (
    <StaffPage title="One person or two?" section="customers">
      <header class="page-head">
        <div>
          <h1>One person or two?</h1>
          <p class="compare-names">
            {[a, b].map((record) => (
              <span key={record.id} class="compare-name">
                <Avatar id={record.id} name={record.displayName} /> <bdi>{nameOf(record)}</bdi>
              </span>
            ))}
          </p>
        </div>
      </header>
      <div class="pair">
        <Arguments title="For one person" list={pro} none="No e-mail address, number or name that both have." />
        <Arguments title="For two people" list={contra} none="Nothing speaks against it." />
      </div>
      <SideBySide a={a} b={b} />
      <form method="post" class="card log" aria-labelledby="decide">
        <h2 id="decide">Your decision</h2>
        <div class="field">
          <label for="reason">
            How do you know? <span class="muted">(required)</span>
          </label>
          <input
            id="reason"
            name="reason"
            maxLength={500}
            required
            dir="auto"
            autocomplete="off"
            aria-invalid={fault ? 'true' : undefined}
            aria-describedby={fault ? 'reason-fault' : 'reason-hint'}
          />
          {fault ? (
            <p class="fault" id="reason-fault" role="alert">
              {fault}
            </p>
          ) : (
            <p class="hint" id="reason-hint">
              Kept with the decision. Each answer can be taken back at any time.
            </p>
          )}
        </div>
        <div class="row">
          <button type="submit" name="decision" value="merge">
            <Icon name="link" /> One person: join them
          </button>
          <button type="submit" name="decision" value="apart" class="quiet">
            Two people: keep apart
          </button>
          <button type="submit" name="decision" value="household" class="quiet">
            Two people of one household
          </button>
        </div>
      </form>
    </StaffPage>
  );
}

/** `GET /customers/:id/compare`: find the other record. */
export async function chooseOtherPage({ db }: Runtime, record: CustomerRecord, q: string) {
  const found = q.trim() === '' ? null : await listCustomers(db, { q, limit: 20 });
  const others = found?.items.filter(({ id }) => id !== record.id) ?? [];
  return (
    <StaffPage title={`Join ${nameOf(record)}`} section="customers">
      <header class="page-head">
        <div>
          <p class="label">
            <a href={`/customers/${record.id}`} dir="auto">
              {nameOf(record)}
            </a>
          </p>
          <h1>Join with another record</h1>
        </div>
      </header>
      <search>
        <form method="get" class="row">
          <div class="field">
            <label for="other">Name, address or order number of the other</label>
            <input id="other" name="q" type="search" value={q} maxLength={100} dir="auto" autofocus />
          </div>
          <button type="submit">Find</button>
        </form>
      </search>
      {found && others.length === 0 && (
        <p class="empty">Nobody else is found by this. Try part of a name or an address.</p>
      )}
      <ul class="events found-others">
        {others.map((other) => (
          <li key={other.id} class="event">
            <Avatar id={other.id} name={other.displayName} />
            <p>
              <a href={`/customers/${record.id}/compare/${other.id}`} dir="auto">
                {other.displayName ?? 'No name yet'}
              </a>{' '}
              <span class="muted" dir="auto">
                {other.contact}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </StaffPage>
  );
}
