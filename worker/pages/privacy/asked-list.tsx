import { MAX_GRACE_HOURS, type SourceErasure } from '../../reactions/source-erasures.ts';
import { Hint } from '../components/fields.tsx';
import { formatMoment, plural } from '../format.ts';
import { Icon } from '../icons.tsx';

/** What was typed for the hours, and what is wrong with it. */
export type GraceForm = { readonly typed: string; readonly fault: string | null };
type Props = { readonly asked: readonly SourceErasure[]; readonly form: GraceForm };

function Asked({ one: { id, sourceName, askedAt, dueAt, people } }: { readonly one: SourceErasure }) {
  const choices =
    dueAt === null
      ? ([['resume', 'Erase them after all']] as const)
      : ([
          ['now', 'Erase them now'],
          ['stop', 'Stop it'],
        ] as const);
  return (
    <li class="event">
      <Icon name="alert" />
      <div class="event-body">
        <p class="event-line">
          <bdi>{sourceName}</bdi> asked to forget everybody it knows: {plural(people, 'record')}
        </p>
        <p class="event-meta">
          <span>asked on {formatMoment(askedAt)}</span>
          <span>{dueAt === null ? 'stopped: nobody is erased' : `begins on ${formatMoment(dueAt)}`}</span>
        </p>
        <form method="post" action={`/privacy/source-erasures/${id}`} class="row">
          {choices.map(([act, label]) => (
            <button key={act} type="submit" name="act" value={act} class="quiet">
              {label}
              <span class="visually-hidden"> ({sourceName})</span>
            </button>
          ))}
        </form>
      </div>
    </li>
  );
}

/** Sources that asked to forget everybody, and how long such a wish waits. */
export function AskedList({ asked, form: { typed, fault } }: Props) {
  const label = 'Hours it waits';
  return (
    <section class="card log" aria-labelledby="asked">
      <h2 id="asked">Sources that ask to forget everybody</h2>
      <p class="hint">
        A shop that closes its account asks for it, and by law its people are to be erased within a month. It is done by
        itself after some hours; stop it where it is a mistake, such as an app that was taken off and put back.
      </p>
      {asked.length > 0 && (
        <ul class="events">
          {asked.map((one) => (
            <Asked key={one.id} one={one} />
          ))}
        </ul>
      )}
      <form method="post" action="/privacy/grace" class="row">
        <div class="field">
          <label for="grace">{label}</label>
          <input
            id="grace"
            name="grace"
            inputmode="numeric"
            autocomplete="off"
            maxLength={4}
            value={typed}
            aria-invalid={fault ? 'true' : undefined}
            aria-describedby={`grace-${fault ? 'fault' : 'hint'}`}
          />
          <Hint name="grace" label={label} hint={`From 0, at once, to ${MAX_GRACE_HOURS}.`} fault={fault} />
        </div>
        <button type="submit" class="quiet">
          Save
        </button>
      </form>
    </section>
  );
}
