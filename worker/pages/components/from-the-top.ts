/** What the address of a record says of where its timeline begins, taken off. */
export const FROM_THE_TOP = { page: null, older: null, newer: null, done: null } as const;
