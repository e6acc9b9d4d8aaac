/** True where the owner has said that a value joins nobody: the whole of it, the beginning of an address or its end. `value` is SQL. */
export const neverJoins = (value: string): string =>
  `EXISTS (SELECT 1 FROM never_join n WHERE n.value IN (${value}, substr(${value}, 1, instr(${value}, '@')), substr(${value}, max(1, instr(${value}, '@')))))`;
