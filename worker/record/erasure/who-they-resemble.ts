import { BY_FRAGMENT, type Holding, LISTED } from './holding.ts';

/** What says that somebody may be somebody else: all of it goes. */
export const WHO_THEY_RESEMBLE: readonly Holding[] = [
  {
    table: 'match_key',
    title: 'signs of similar records',
    rows: 'deleted',
    columns: { kind: 'emptied', key: 'emptied', fragment_id: 'link', is_proven: 'emptied', value: 'emptied' },
    where: BY_FRAGMENT,
    isExported: true,
  },
  {
    table: 'postal_address',
    title: 'postal addresses: the town, and a likeness that no street can be read from',
    rows: 'deleted',
    columns: {
      fragment_id: 'link',
      likeness: 'emptied',
      place: 'emptied',
      assurance: 'emptied',
      first_at: 'emptied',
      last_at: 'emptied',
    },
    where: BY_FRAGMENT,
    isExported: true,
  },
  {
    table: 'match_due',
    title: 'likeness to be looked at',
    rows: 'deleted',
    columns: { id: 'link', fragment_id: 'link' },
    where: BY_FRAGMENT,
    isExported: false,
  },
  {
    table: 'suggestion',
    title: 'records that may have been theirs',
    rows: 'deleted',
    columns: { customer_a: 'link', customer_b: 'link', evidence: 'emptied', score: 'emptied' },
    where: `(x.customer_a IN ${LISTED} OR x.customer_b IN ${LISTED})`,
    isExported: false,
  },
];
