import type { Person } from '../../record/suggestions/people.ts';
import { formatDay, plural } from '../format.ts';

export const nameOf = ({ displayName }: Person): string => displayName ?? 'No name yet';

const contactOf = (person: Person): string =>
  [nameOf(person), person.contact].filter((part, at, all) => part && all.indexOf(part) === at).join(', ');
const courseOf = (person: Person): string => {
  const last = person.stats.lastTouchpointAt;
  const touchpoints = plural(person.stats.touchpoints, 'touchpoint');
  return `${contactOf(person)}, ${touchpoints}${last === null ? '' : `, last contact ${formatDay(last)}`}`;
};

const areTold = (labels: readonly string[]): boolean => new Set(labels).size === labels.length;

/** What people are told apart by where nothing is seen, as short as can be: a name, an address with it, what else is known, a number. */
export function labelsOf(people: readonly Person[], shortest: 'name' | 'contact'): readonly string[] {
  const ways = shortest === 'name' ? [nameOf, contactOf, courseOf] : [contactOf, courseOf];
  const told = ways.map((way) => people.map(way)).find(areTold);
  return told ?? people.map((person, at) => `${courseOf(person)} (${at + 1})`);
}
