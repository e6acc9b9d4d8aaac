/** Collects the values of a statement; gives the placeholder of each. */
export class Arguments {
  readonly values: (string | number)[] = [];
  add(value: string | number): string {
    return `?${this.values.push(value)}`;
  }
}
