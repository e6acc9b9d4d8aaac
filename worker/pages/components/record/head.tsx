import type { ComponentChildren } from 'preact';
import { humanise } from '../../format.ts';
import { Avatar } from '../avatar.tsx';
import type { CardProps } from './card.ts';
import { PAST_UNDER_THE_NAME, UNDER_THE_NAME } from './cards.ts';

/** What a record is called where nothing names it. */
export const nameOf = ({ displayName }: CardProps['record']): string => displayName ?? 'No name yet';

/** Who it is, on top of the record. */
export function RecordHead({ children, ...props }: CardProps & { readonly children?: ComponentChildren }) {
  const { record } = props;
  return (
    <header class="record-head">
      <Avatar id={record.id} name={record.displayName} large />
      <div>
        <p class="label">{humanise(record.party)}</p>
        <h1 dir="auto">{nameOf(record)}</h1>
        {(record.at === null ? UNDER_THE_NAME : PAST_UNDER_THE_NAME).map((Line) => (
          <Line key={Line.name} {...props} />
        ))}
      </div>
      {children}
    </header>
  );
}
