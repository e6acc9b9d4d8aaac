import { DAY_ORDERS, DECIMAL_MARKS, type ImportField } from '../../../schema/imports/plan.ts';
import { CHANNELS, CORE_KINDS } from '../../../schema/vocabulary.ts';
import type { Draft, Found } from './draft.ts';

/** How the cells are read: what a file cannot say by itself. Each is asked only where it matters. */
export type SourceChoice = { readonly id: string; readonly name: string; readonly kind: string };
type Change = (change: Partial<Draft>) => void;
type Option = readonly [value: string, label: string];

type SelectProps = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Its options are long names. */
  readonly isWide?: boolean;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChoose: (value: string) => void;
};

export function Select({ id, label, hint, isWide = false, value, options, onChoose }: SelectProps) {
  return (
    <div class={isWide ? 'field field-wide' : 'field'}>
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

const ZONES: readonly Option[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((zone) => [
  zone,
  zone.replaceAll('_', ' '),
]);
const currencyNames = new Intl.DisplayNames('en', { type: 'currency' });
const CURRENCIES: readonly Option[] = Intl.supportedValuesOf('currency').map((code) => [
  code,
  `${code} ${currencyNames.of(code)}`,
]);

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Codes that name no country, though they have a name. */
const NO_COUNTRY = ['EU', 'EZ', 'UN', 'ZZ', 'QO', 'XA', 'XB'];
const COUNTRIES: readonly Option[] = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
  .filter((code) => !NO_COUNTRY.includes(code) && regionNames.of(code))
  .map((code): Option => [code, regionNames.of(code) ?? code])
  .sort(([, a], [, b]) => (a < b ? -1 : 1));

const DAY_WORDS: Readonly<Record<(typeof DAY_ORDERS)[number], string>> = {
  dmy: 'Day first: 3/4/2026 is 3 April',
  mdy: 'Month first: 3/4/2026 is 4 March',
};
const MARK_WORDS: Readonly<Record<(typeof DECIMAL_MARKS)[number], string>> = {
  '.': 'Point: 1.234 is one and a bit',
  ',': 'Comma: 1.234 is one thousand',
};
const NONE: Option = ['', 'Not chosen'];
const known = <T extends string>(list: readonly T[], value: string): T | null =>
  list.find((one) => one === value) ?? null;
const words = (kind: string): string => kind.replaceAll('_', ' ');

function Dates({ draft, found, change }: { readonly draft: Draft; readonly found: Found; readonly change: Change }) {
  return (
    <>
      {found.dayOrder !== 'not_needed' && (
        <Select
          id="day-order"
          label="Dates such as 3/4/2026"
          {...(found.dayOrder === 'ambiguous' && { hint: 'No date of this file says which it is.' })}
          value={draft.dayOrder ?? (found.dayOrder === 'ambiguous' ? '' : found.dayOrder)}
          options={[
            ...(found.dayOrder === 'ambiguous' ? [NONE] : []),
            ...DAY_ORDERS.map((order): Option => [order, DAY_WORDS[order]]),
          ]}
          onChoose={(value) => change({ dayOrder: known(DAY_ORDERS, value) })}
        />
      )}
      <Select
        id="zone"
        label="Time zone"
        hint="Of times that do not say their own."
        value={draft.zone}
        options={ZONES.some(([zone]) => zone === draft.zone) ? ZONES : [[draft.zone, draft.zone], ...ZONES]}
        onChoose={(zone) => change({ zone })}
      />
    </>
  );
}

function Amounts({ draft, found, change }: { readonly draft: Draft; readonly found: Found; readonly change: Change }) {
  return (
    <>
      <Select
        id="currency"
        label="Currency"
        hint="Of amounts that name none."
        value={draft.currency ?? ''}
        options={[NONE, ...CURRENCIES]}
        onChoose={(currency) => change({ currency: currency || null })}
      />
      {found.decimal === 'ambiguous' && (
        <Select
          id="decimal"
          label="Decimal mark"
          hint="No amount of this file says which it is."
          value={draft.decimal ?? ''}
          options={[NONE, ...DECIMAL_MARKS.map((mark): Option => [mark, MARK_WORDS[mark]])]}
          onChoose={(value) => change({ decimal: known(DECIMAL_MARKS, value) })}
        />
      )}
    </>
  );
}

type OptionsProps = {
  readonly draft: Draft;
  readonly found: Found;
  readonly sources: readonly SourceChoice[];
  readonly fileName: string;
  readonly change: Change;
};

/** The options that the mapped columns ask for. */
export function Options({ draft, found, sources, fileName, change }: OptionsProps) {
  const has = (...fields: ImportField[]): boolean => fields.some((field) => draft.columns[field] !== undefined);
  return (
    <div class="options">
      <Select
        id="source"
        label="Whose ids are these?"
        isWide
        hint={`With a source you have, its customer and order ids mean the same ones. A source of its own is called ${fileName}.`}
        value={draft.sourceId ?? ''}
        options={[
          ['', 'A source of its own'],
          ...sources.map(({ id, name, kind }): Option => [id, `${name} (${kind})`]),
        ]}
        onChoose={(sourceId) => change({ sourceId: sourceId || null })}
      />
      {has('date') && <Dates draft={draft} found={found} change={change} />}
      {has('price', 'amount', 'total') && <Amounts draft={draft} found={found} change={change} />}
      {has('phone') && (
        <Select
          id="country"
          label="Country of the phone numbers"
          hint="Of numbers without a country code."
          value={draft.country ?? ''}
          options={[NONE, ...COUNTRIES]}
          onChoose={(country) => change({ country: country || null })}
        />
      )}
      {draft.kind === 'touchpoints' && !has('kind') && (
        <Select
          id="contact"
          label="Kind of contact"
          value={draft.contact ?? 'note_added'}
          options={CORE_KINDS.map((kind): Option => [kind, words(kind)])}
          onChoose={(contact) => change({ contact })}
        />
      )}
      {draft.kind === 'touchpoints' && !has('channel') && (
        <Select
          id="channel"
          label="Channel"
          value={draft.channel ?? 'web'}
          options={CHANNELS.map((channel): Option => [channel, channel])}
          onChoose={(channel) => change({ channel })}
        />
      )}
    </div>
  );
}
