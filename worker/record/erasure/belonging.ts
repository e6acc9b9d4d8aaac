import { BY_FRAGMENT, type Holding, LISTED } from './holding.ts';

/** Organisations that only a source speaks of, and of nobody but these people: what they are called may be all but a person's name. */
const THEIRS_ALONE = `(SELECT o.id FROM organisation o WHERE o.named_by = 'source'
  AND o.id IN (SELECT m.organisation_id FROM organisation_member m WHERE m.fragment_id IN ${LISTED})
  AND NOT EXISTS (SELECT 1 FROM organisation_member m WHERE m.organisation_id = o.id AND m.fragment_id NOT IN ${LISTED})
  AND NOT EXISTS (SELECT 1 FROM edit e WHERE e.field = 'organisation:' || o.public_id AND e.fragment_id NOT IN ${LISTED}))`;

/** Whom they belong to, and what was told of them: all of it goes. */
export const BELONGING: readonly Holding[] = [
  {
    table: 'notice',
    title: 'what whoever looks after them was told',
    rows: 'deleted',
    columns: {
      id: 'link',
      cause: 'emptied',
      rule: 'emptied',
      member_id: 'link',
      fragment_id: 'link',
      touchpoint_seq: 'link',
      told_at: 'emptied',
      read_at: 'emptied',
      mailed_at: 'emptied',
    },
    where: BY_FRAGMENT,
    isExported: true,
  },
  {
    table: 'organisation_key',
    title: 'what sources call organisations of theirs alone',
    rows: 'deleted',
    columns: {
      source_id: 'link',
      key: 'emptied',
      organisation_id: 'link',
      name: 'emptied',
      name_key: 'emptied',
      name_as_of: 'emptied',
      domain: 'emptied',
      domain_as_of: 'emptied',
    },
    where: `x.organisation_id IN ${THEIRS_ALONE}`,
    isExported: false,
  },
  {
    table: 'organisation',
    title: 'organisations of theirs alone',
    rows: 'deleted',
    columns: {
      id: 'link',
      public_id: 'emptied',
      name: 'emptied',
      name_key: 'emptied',
      domain: 'emptied',
      named_by: 'emptied',
      created_at: 'emptied',
      deleted_at: 'emptied',
    },
    where: `x.id IN ${THEIRS_ALONE}`,
    isExported: false,
  },
  {
    table: 'organisation_member',
    title: 'organisations that sources put them into',
    rows: 'deleted',
    columns: { fragment_id: 'link', organisation_id: 'link', role: 'emptied', first_at: 'emptied', at: 'emptied' },
    where: BY_FRAGMENT,
    isExported: true,
  },
];
