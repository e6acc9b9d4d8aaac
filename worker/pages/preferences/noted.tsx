import type { CustomField } from '../../../schema/custom-field.ts';
import type { OwnRecord } from '../../record/own-record.ts';
import type { Speech } from '../public/locale.ts';
import type { CentreProps } from './centre.ts';
import { Fact } from './parts.tsx';
import { countIn, dayOfYearIn } from './speech.ts';

/** What the business has noted about a person beside who they are, in plain words and folded. */

type Noted = { readonly label: string; readonly value: string };

/** Occasions that have a name in every language; any other is as staff called it. */
const OCCASIONS: Readonly<Record<string, string>> = {
  birthday: 'occasion.birthday',
  'name day': 'occasion.nameDay',
  anniversary: 'occasion.anniversary',
};

function ownValue({ kind }: CustomField, value: string, { text, locale }: Speech): string {
  if (kind === 'yes_no') return value === 'yes' ? text('noted.yes') : value === 'no' ? text('noted.no') : value;
  return kind === 'date' ? dayOfYearIn(locale, value) : value;
}

const ownFields = ({ customFields, profile }: OwnRecord, speech: Speech): Noted[] =>
  customFields.flatMap((field) => {
    const value = profile[`x:${field.key}`]?.value;
    return value === undefined ? [] : [{ label: field.label, value: ownValue(field, value, speech) }];
  });

const occasions = ({ said }: OwnRecord, { text, locale }: Speech): Noted[] =>
  said.flatMap(({ field, value }) => {
    if (!field.startsWith('occasion:')) return [];
    const what = field.slice('occasion:'.length);
    const key = Object.hasOwn(OCCASIONS, what) ? OCCASIONS[what] : undefined;
    return [{ label: key ? text(key) : what, value: dayOfYearIn(locale, value) }];
  });

/** Of a household it says how many live in it: who they are is theirs to know. */
function belonging({ said, groups, stage }: OwnRecord, { text, locale }: Speech): Noted[] {
  const tags = said.flatMap(({ field }) => (field.startsWith('tag:') ? [field.slice('tag:'.length)] : []));
  const owner = said.find(({ field }) => field === 'owner')?.valueName;
  return [
    ...(tags.length > 0 ? [{ label: text('noted.tags'), value: tags.join(', ') }] : []),
    ...groups.households.map(({ members }) => ({
      label: text('noted.household'),
      value: countIn(locale, members.length),
    })),
    ...(stage ? [{ label: text('noted.stage'), value: text(`stage.${stage}`) }] : []),
    ...(owner ? [{ label: text('noted.owner'), value: owner }] : []),
  ];
}

export function Noted({ frame: { speech }, page: { record } }: CentreProps) {
  const noted = [...ownFields(record, speech), ...occasions(record, speech), ...belonging(record, speech)];
  if (noted.length === 0) return null;
  return (
    <details class="preferences-more">
      <summary>{speech.text('noted.title')}</summary>
      <dl class="preferences-facts">
        {noted.map(({ label, value }, index) => (
          <Fact key={String(index)} label={label}>
            {value}
          </Fact>
        ))}
      </dl>
    </details>
  );
}
