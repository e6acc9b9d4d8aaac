import { type ContactRate, contactCost, rateOf } from '../../../schema/contact-cost.ts';
import type { Channel, Handler } from '../../../schema/vocabulary.ts';
import type { Runtime } from '../../platform/env.ts';
import { listRates, usualCurrency } from '../../record/contact-rates.ts';
import { CHANNEL_OPTIONS, CHANNEL_WORDS, wordOf } from '../contact-words.ts';
import { formatDay, formatMoney } from '../format.ts';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { LabelledField, TextField, told } from '../log/contact-fields.tsx';
import { majorOf } from '../products/amounts.ts';

/** The handlers that have rates of their own. */
export const RATED: readonly Handler[] = ['staff', 'outsourced', 'automated'];
const HEADS: Readonly<Record<Handler, string>> = {
  staff: 'Our own staff',
  outsourced: 'An outside service',
  automated: 'Automatic',
};
/** The name of a field: `contact.phone.staff`. */
export const fieldOf = (part: 'contact' | 'minute', channel: Channel, handler: Handler): string =>
  `${part}.${channel}.${handler}`;

/** What was typed and what is wrong with it, by field. */
export type RatesForm = {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, string>>;
};

const EXAMPLE_MINUTES = 12;

/** The rates as they stand, as the fields show them. */
export function currentValues(rates: readonly ContactRate[], now: number): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { value: channel } of CHANNEL_OPTIONS)
    for (const handler of RATED) {
      const rate = rateOf(rates, { channel: channel as Channel, handler, minutes: null, at: now });
      const show = (minor: number | null | undefined): string =>
        rate && typeof minor === 'number' ? majorOf({ amountMinor: minor, currency: rate.currency }) : '';
      values[fieldOf('contact', channel as Channel, handler)] = show(rate?.perContactMinor);
      values[fieldOf('minute', channel as Channel, handler)] = show(rate?.perMinuteMinor);
    }
  return values;
}

/** `A 12-minute call costs €6.40, and €11.20 when an outside service handles it.` */
function Preview({ rates, now }: { readonly rates: readonly ContactRate[]; readonly now: number }) {
  const told = RATED.slice(0, 2).flatMap((handler) => {
    const cost = contactCost(rates, { channel: 'phone', handler, minutes: EXAMPLE_MINUTES, at: now });
    return cost ? [`${formatMoney(cost)} (${HEADS[handler].toLowerCase()})`] : [];
  });
  if (told.length === 0)
    return (
      <p class="muted rates-example">
        For example: 0.40 for each call and 0.50 a minute makes a 12-minute call cost 6.40.
      </p>
    );
  return (
    <p class="rates-example">
      As it stands, a {String(EXAMPLE_MINUTES)}-minute call costs {told.join(', ')}.
    </p>
  );
}

function Cell({
  part,
  channel,
  handler,
  form,
}: {
  readonly part: 'contact' | 'minute';
  readonly channel: Channel;
  readonly handler: Handler;
  readonly form: RatesForm;
}) {
  const name = fieldOf(part, channel, handler);
  const fault = form.faults[name];
  const label = `${CHANNEL_WORDS[channel]}, ${HEADS[handler].toLowerCase()}, ${part === 'contact' ? 'each contact' : 'each minute'}`;
  return (
    <label class="rate">
      <span class="visually-hidden">{label}</span>
      <span class="label" aria-hidden="true">
        {part === 'contact' ? 'each' : 'a minute'}
      </span>
      <input
        id={name}
        name={name}
        inputMode="decimal"
        maxLength={12}
        value={form.values[name] ?? ''}
        {...told(name, fault)}
      />
      {fault && (
        <span class="fault" id={`${name}-fault`} role="alert">
          {fault}
        </span>
      )}
    </label>
  );
}

function RatesTable({ form }: { readonly form: RatesForm }) {
  return (
    <table class="rates">
      <caption class="visually-hidden">Cost of a contact by channel and by who handles it</caption>
      <thead>
        <tr>
          <th scope="col">Channel</th>
          {RATED.map((handler) => (
            <th key={handler} scope="col">
              {HEADS[handler]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {CHANNEL_OPTIONS.map(({ value, label }) => (
          <tr key={value}>
            <th scope="row">{label}</th>
            {RATED.map((handler) => (
              <td key={handler} data-head={HEADS[handler]}>
                <span class="rate-pair">
                  <Cell part="contact" channel={value as Channel} handler={handler} form={form} />
                  <Cell part="minute" channel={value as Channel} handler={handler} form={form} />
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function History({ rates }: { readonly rates: readonly ContactRate[] }) {
  if (rates.length === 0) return null;
  const sum = ({ perContactMinor, perMinuteMinor, currency }: ContactRate): string => {
    const parts = [
      perContactMinor !== null && `${formatMoney({ amountMinor: perContactMinor, currency })} each`,
      perMinuteMinor !== null && `${formatMoney({ amountMinor: perMinuteMinor, currency })} a minute`,
    ].filter(Boolean);
    return parts.length > 0 ? parts.join(' and ') : 'not known';
  };
  return (
    <details class="more">
      <summary>Every rate there was</summary>
      <ul class="history">
        {rates.map((rate) => (
          <li key={`${rate.channel} ${rate.handler} ${rate.validFrom}`}>
            {wordOf('channel', rate.channel)}, {wordOf('handler', rate.handler)?.toLowerCase()}: {sum(rate)}, from{' '}
            {formatDay(rate.validFrom)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** `GET /costs`: what a contact costs. */
export async function costsPage(
  { db, clock }: Runtime,
  { notice = null, form }: { readonly notice?: StaffPageProps['notice']; readonly form?: RatesForm },
) {
  const now = clock.now();
  const [rates, currency] = await Promise.all([listRates(db), usualCurrency(db)]);
  const today = new Date(now).toISOString().slice(0, 10);
  const shown: RatesForm = form ?? { values: { ...currentValues(rates, now), currency, from: today }, faults: {} };
  return (
    <StaffPage title="Cost of contact" section="costs" notice={notice}>
      <header class="page-head">
        <h1>Cost of contact</h1>
      </header>
      <p class="lead">
        What it costs you to be in touch: so much for each contact, and so much for each minute. A contact that is
        logged with its minutes gets its cost from here.
      </p>
      <Preview rates={rates} now={now} />
      <form method="post" action="/costs" class="card stack">
        <RatesTable form={shown} />
        <p class="hint">An empty field means nothing is added; both empty mean that the cost is not known.</p>
        <div class="log-grid">
          <TextField
            id="currency"
            name="currency"
            label="Currency"
            value={shown.values.currency ?? ''}
            fault={shown.faults.currency}
            maxLength={3}
          />
          <LabelledField
            id="from"
            label="From"
            hint="Contacts before this day keep the rates they had; an early day covers past ones too."
            fault={shown.faults.from}
          >
            <input
              id="from"
              name="from"
              type="date"
              value={shown.values.from ?? ''}
              {...told('from', shown.faults.from, 'hint')}
            />
          </LabelledField>
        </div>
        <button type="submit">Save what changed</button>
      </form>
      <History rates={rates} />
    </StaffPage>
  );
}
