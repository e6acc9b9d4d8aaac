import type { ComponentChildren } from 'preact';

/** A column by its title; figures stand at the end of theirs, and one of buttons has a title for who does not see it. */
export type Column = { readonly title: string; readonly is?: 'number' | 'buttons' };

type Props = {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly kind?: string;
  /** The rows. */
  readonly children: ComponentChildren;
};

/** A list as a table; on a narrow screen each row is a card. */
export function Listing({ caption, columns, kind, children }: Props) {
  return (
    <table class={kind ? `listing ${kind}` : 'listing'}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, is }) => (
            <th key={title} scope="col" class={is === 'number' ? 'number' : undefined}>
              {is === 'buttons' ? <span class="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
