import type { Reader } from './reader.ts';
import { type Comparator, joined, opposite, type Rule, type RuleTest, type Test } from './rule.ts';
import type { Token } from './tokens.ts';
import { readAbout, readLiteral, readTime } from './values.ts';
import { COMPARATOR_WORDS, type FieldKind, MAX_NAME_WORDS, nearest, type Vocabulary, type Word } from './words.ts';

/** What a field is, for messages. */
const SAYS: Readonly<Record<FieldKind, string>> = {
  number: 'is a number',
  money: 'is an amount of money',
  time: 'is a time',
  text: 'is a text',
  choice: 'is one of a few words',
  'yes-no': 'is true or not',
  any: 'is a text or a number',
  set: 'wants to know which one',
  event: 'wants to know which one',
};

/** The longest name of a field that comes next; `last_order` is `last order`. */
function readField(reader: Reader, words: Vocabulary): Word {
  const ahead = Array.from({ length: MAX_NAME_WORDS }, (_, at) => reader.peek(at));
  const count = ahead.findIndex(({ type }) => type !== 'word');
  const given = ahead.slice(0, count < 0 ? MAX_NAME_WORDS : count).map(({ value }) => value);
  const names = given.map((_, at) => given.slice(0, given.length - at).join(' '));
  for (const name of names) {
    const word = words.find(name) ?? words.find(name.replaceAll(/[_-]/g, ' '));
    if (!word) continue;
    reader.skip(name.split(' ').length);
    return word;
  }
  const [first] = given;
  if (first === undefined) return reader.fail('Expected a field here, for example: orders > 2');
  const meant = [...names.slice(-3)].map((name) => nearest(name, words.names)).find((name) => name !== undefined);
  return reader.fail(`There is no field "${first.slice(0, 40)}".${meant ? ` Did you mean "${meant}"?` : ''}`);
}

function readComparator(reader: Reader): Comparator | null {
  const { type, value } = reader.peek();
  if (type === 'sign' && /^(?:[<>]=?|!?=)$/.test(value)) {
    reader.skip(1);
    return value as Comparator;
  }
  if (reader.take('is', 'not')) return '!=';
  const isSaid = reader.take('is');
  const found = COMPARATOR_WORDS.find(([words]) => reader.take(...words));
  return found?.[1] ?? (isSaid ? '=' : null);
}

/** `known`, `is known`, `is not known`, `unknown`, `is unknown`; null when none of them comes next. */
function readKnown(reader: Reader, word: Word): boolean | null {
  const phrases: readonly (readonly [string[], boolean])[] = [
    [['known'], true],
    [['is', 'known'], true],
    [['is', 'not', 'known'], false],
    [['unknown'], false],
    [['is', 'unknown'], false],
  ];
  const start = reader.peek();
  const found = phrases.find(([words]) => reader.take(...words));
  if (found && word.isAlwaysKnown) reader.fail(`"${word.name}" is always known. Write it like: ${word.example}`, start);
  return found ? found[1] : null;
}

/** `a`, `in (a, b)`: reads one or several with the reader given. */
function readList<T>(reader: Reader, readOne: () => T): T[] {
  if (!reader.take('(')) reader.fail('Expected a list in parentheses, for example: in ("a", "b")');
  const list = [readOne()];
  while (reader.take(',')) list.push(readOne());
  if (!reader.take(')')) reader.fail('Expected a comma or a closing parenthesis here.');
  return list;
}

type Made = (test: Test) => RuleTest;

const isText = ({ kind }: Word): boolean => kind === 'text' || kind === 'any';

/** `contains`, `starts with`, `ends with`, and the opposite of each; null when none comes next. */
function readMatch(reader: Reader, word: Word, made: Made): Rule | null {
  const start = reader.peek();
  const isNot =
    (['contains', 'starts', 'ends', 'has'] as const).some((how) => reader.comes('not', how)) && reader.take('not');
  const how =
    (['contains', 'starts', 'ends'] as const).find((candidate) => reader.take(candidate)) ??
    (reader.take('has') ? 'contains' : null);
  if (how === null) return null;
  if (!isText(word)) reader.fail(`"${word.name}" ${SAYS[word.kind]}. Write it like: ${word.example}`, start);
  reader.take('with');
  const literal = readLiteral(reader, { ...word, kind: 'text' }, start);
  const rule = made({ is: 'match', how, value: literal.type === 'text' ? literal.value : '' });
  return isNot ? opposite(rule) : rule;
}

/** `is yes`, `is no` or nothing at all. */
function readYes(reader: Reader, made: Made): Rule {
  const rule = made({ is: 'so' });
  if (!reader.take('is') && !reader.take('=')) return rule;
  if (reader.take('yes') || reader.take('true')) return rule;
  if (reader.take('not') || reader.take('no') || reader.take('false')) return opposite(rule);
  return reader.fail('Expected "yes" or "no" here.');
}

function readCompared(reader: Reader, word: Word, start: Token, made: Made): Rule {
  const isOut = reader.take('not', 'in');
  if (isOut || reader.take('in')) {
    if (word.kind === 'money') reader.fail(`Compare "${word.name}" with one amount: ${word.example}`);
    const rule = made({ is: 'in', values: readList(reader, () => readLiteral(reader, word, start)) });
    return isOut ? opposite(rule) : rule;
  }
  const at = reader.peek();
  const comparator = readComparator(reader);
  const say = `"${word.name}" ${SAYS[word.kind]}. Write it like: ${word.example}`;
  if (comparator === null) return reader.fail(say);
  const isEqual = comparator === '=' || comparator === '!=';
  if (!isEqual && (word.kind === 'text' || word.kind === 'choice')) reader.fail(say, at);
  const value = readLiteral(reader, word, start);
  if (!isEqual && value.type === 'text') reader.fail(`Expected a number after "${reader.since(start)}".`, at);
  return made({ is: 'compare', comparator, value });
}

/** What a field that names things is asked about: `bought "Tea"`, `source in ("a", "b")`, `happened "x" within 30 days`. */
function readNamed(reader: Reader, word: Word, start: Token): Rule {
  const isOut = reader.take('not', 'in') || reader.take('is', 'not') || reader.take('!=');
  const isList = reader.comes('(') || reader.take('in');
  if (!isOut && !isList && !reader.take('is')) reader.take('=');
  const names =
    isList || reader.comes('(')
      ? readList(reader, () => readAbout(reader, word, start))
      : [readAbout(reader, word, start)];
  const at = reader.peek();
  const time = word.kind === 'event' ? readTime(reader, start) : null;
  if (time && word.times && !word.times.includes(time.how)) reader.fail(`Write it like: ${word.example}`, at);
  const tests = names.map(
    (argument): RuleTest => ({ is: 'test', field: word.name, argument, test: time ?? { is: 'so' } }),
  );
  const rule = joined('or', tests);
  return isOut ? opposite(rule) : rule;
}

/** A field of the business's own may be a day: then it is asked as a time is. */
const isTimely = (reader: Reader, { kind }: Word): boolean =>
  kind === 'time' ||
  (kind === 'any' &&
    ['before', 'after', 'since', 'on', 'within'].some((how) => reader.comes(how) || reader.comes('is', how)));

/** Reads one test: a field and what is asked of it. Some are written as one and are several: `source in ("a", "b")`. */
export function readTest(reader: Reader, words: Vocabulary): Rule {
  const start = reader.peek();
  const isHas = start.type === 'word' && start.value === 'has' && !words.find('has') && reader.take('has');
  const word = readField(reader, words);
  const made: Made = (test) => ({ is: 'test', field: word.name, argument: null, test });
  const known = readKnown(reader, word);
  if (known !== null) return known ? made({ is: 'known' }) : opposite(made({ is: 'known' }));
  if (word.kind === 'set' || word.kind === 'event') return readNamed(reader, word, start);
  if (word.kind === 'yes-no') return readYes(reader, made);
  if (isHas) return made({ is: 'known' });
  if (!isTimely(reader, word)) return readMatch(reader, word, made) ?? readCompared(reader, word, start, made);
  const at = reader.peek();
  const time = readTime(reader, start);
  if (time && word.times && !word.times.includes(time.how)) reader.fail(`Write it like: ${word.example}`, at);
  return time ? made(time) : reader.fail(`"${word.name}" ${SAYS.time}. Write it like: ${word.example}`);
}
