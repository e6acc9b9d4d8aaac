import { Icon } from '../icons.tsx';
import { Ago } from './time.tsx';

/** The button that says a person has seen to it; leads back to the page it stands on. */
function SeenTo({ id, what, back }: { readonly id: number; readonly what: string; readonly back: string }) {
  return (
    <form method="post" action={`/attention/${id}/seen`}>
      <input type="hidden" name="back" value={back} />
      <button type="submit" class="small">
        <Icon name="check" />
        Seen to<span class="visually-hidden">: {what}</span>
      </button>
    </form>
  );
}

type AlertProps = {
  readonly id: number;
  readonly title: string;
  readonly raisedAt: number;
  readonly touchpointId: string;
  readonly customer?: { readonly id: string; readonly name: string | null };
  readonly text?: string | null;
  readonly back: string;
  readonly now: number;
};

/** One thing that waits for a person. */
export function AttentionLine({ id, title, raisedAt, touchpointId, customer, text, back, now }: AlertProps) {
  const name = customer?.name ?? 'No name yet';
  return (
    <li class="waiting">
      <Icon name="alert" />
      <div class="event-body">
        <p class="event-line">
          {customer && (
            <>
              <a href={`/customers/${customer.id}`} class="who" dir="auto">
                {name}
              </a>{' '}
            </>
          )}
          <a href={`/touchpoints/${touchpointId}`} class="what">
            {title}
          </a>
        </p>
        {text && (
          <blockquote class="words" dir="auto">
            {text}
          </blockquote>
        )}
        <p class="event-meta">
          <Ago ms={raisedAt} now={now} />
        </p>
      </div>
      <SeenTo id={id} what={customer ? `${name}, ${title}` : title} back={back} />
    </li>
  );
}
