import type { Held, PersonExport } from '../../record/erasure/export.ts';

/** In which order a person reads what is held of them: who they are and what happened first, the workings of this program last. */

export type FilePartId = 'who' | 'happened' | 'choices' | 'workings';
export type FilePart = { readonly id: FilePartId; readonly holdings: readonly Held[] };

/** What is in no list stands with the workings. */
const TABLES: Readonly<Record<Exclude<FilePartId, 'workings'>, readonly string[]>> = {
  who: ['customer', 'identifier', 'profile', 'postal_address', 'edit', 'organisation_member'],
  happened: ['orders', 'order_line', 'refund', 'answer', 'touchpoint', 'stage_change'],
  choices: ['consent', 'suppression', 'mail', 'preference_link'],
};

const LISTED: ReadonlySet<string> = new Set(Object.values(TABLES).flat());

/** The parts of the file that hold anything, each with its tables in order. */
export function filePartsOf({ holdings }: Pick<PersonExport, 'holdings'>): readonly FilePart[] {
  const filled = holdings.filter(({ rows }) => rows.length > 0);
  const inOrder = (tables: readonly string[]) =>
    tables.flatMap((table) => filled.filter((held) => held.table === table));
  const parts: readonly FilePart[] = [
    { id: 'who', holdings: inOrder(TABLES.who) },
    { id: 'happened', holdings: inOrder(TABLES.happened) },
    { id: 'choices', holdings: inOrder(TABLES.choices) },
    { id: 'workings', holdings: filled.filter(({ table }) => !LISTED.has(table)) },
  ];
  return parts.filter((part) => part.holdings.length > 0);
}
