/** Made-up people for test deliveries. The domain is reserved (RFC 2606), so that no mail can reach anybody. */
export type SamplePerson = {
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly city: string;
  readonly country: string;
  /** Six digits that follow from the seed, for ids and order numbers. */
  readonly number: number;
};

const PEOPLE = [
  ['Mara', 'Lindqvist', 'Uppsala', 'SE'],
  ['Tomasz', 'Borowik', 'Lublin', 'PL'],
  ['Ivelina', 'Radeva', 'Plovdiv', 'BG'],
  ['Joaquim', 'Teles', 'Braga', 'PT'],
  ['Nadia', 'Ferrante', 'Modena', 'IT'],
  ['Owen', 'Pritchard', 'Swansea', 'GB'],
] as const;

/** The same person for the same seed. */
export function samplePerson(seed: string): SamplePerson {
  const hash = fnv1a(seed);
  const [first, last, city, country] = PEOPLE[hash % PEOPLE.length] ?? PEOPLE[0];
  const number = 100_000 + (hash % 900_000);
  return { first, last, city, country, number, email: `${first}.${last}.${number}@example.com`.toLowerCase() };
}

/** FNV-1a, 32 bit: spreads seeds, hides nothing. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
