import { RuleFault } from './fault.ts';
import { CURRENCY_SIGNS } from './words.ts';

/** A piece of a rule: where it stands, what it is and what it says. `from` and `to` are offsets in the text. */
export type Token = {
  readonly type: 'word' | 'text' | 'number' | 'day' | 'sign' | 'currency' | 'end';
  /** In lower case for words; without quotes for texts. */
  readonly value: string;
  /** As it was written. */
  readonly raw: string;
  readonly from: number;
  readonly to: number;
};

/** Longest text between quotes. */
const MAX_TEXT = 200;

const SIGNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '==': '=',
    '<>': '!=',
    '≠': '!=',
    '≤': '<=',
    '≥': '>=',
    '&&': 'and',
    '||': 'or',
    '!': 'not',
  }),
);
const PATTERNS: readonly (readonly [Token['type'] | 'space', RegExp])[] = [
  ['space', /\s+/uy],
  ['day', /\d{4}-\d{2}-\d{2}(?![\p{L}\p{N}])/uy],
  ['number', /-?\d+(?:\.\d+)?/uy],
  ['sign', /<=|>=|!=|<>|==|&&|\|\||[<>=≤≥≠!(),]/uy],
  ['currency', /[€£₹₩₽]/uy],
  ['word', /[\p{L}\p{M}_@][\p{L}\p{M}\p{N}_.@:+/-]*/uy],
];
/** What opens a text and what closes it again: people paste curly quotes. */
const QUOTES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '"': '"',
    "'": "'",
    '“': '“”',
    '”': '”',
    '„': '“”',
    '‘': '’',
    '«': '»',
  }),
);

/** The text from an opening quote on; a backslash takes the next character as it is. */
function quoted(rule: string, from: number): Token {
  const closing = QUOTES.get(rule[from] ?? '') ?? '"';
  let value = '';
  for (let at = from + 1; at < rule.length; at++) {
    const character = rule[at] ?? '';
    if (closing.includes(character)) {
      const text = value.normalize('NFC').trim();
      if ([...text].length > MAX_TEXT)
        throw new RuleFault(from, at + 1, `A text can have ${MAX_TEXT} characters at most.`);
      if (text === '') throw new RuleFault(from, at + 1, 'There is nothing between the quotes.');
      return { type: 'text', value: text, raw: rule.slice(from, at + 1), from, to: at + 1 };
    }
    value += character === '\\' ? (rule[++at] ?? '') : character;
  }
  throw new RuleFault(from, rule.length, 'The text that begins here has no closing quote.');
}

function tokenOf(type: Token['type'], raw: string, from: number): Token {
  const to = from + raw.length;
  if (type === 'currency') return { type, value: CURRENCY_SIGNS.get(raw) ?? raw, raw, from, to };
  const value = SIGNS.get(raw) ?? raw.toLowerCase();
  const isWord = type === 'word' || ['and', 'or', 'not'].includes(value);
  return { type: isWord ? 'word' : type, value, raw: raw.normalize('NFC'), from, to };
}

/** Cuts a rule into its pieces, an `end` last. @throws RuleFault for what is no piece of a rule. */
export function tokensOf(rule: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  next: while (at < rule.length) {
    if (QUOTES.has(rule[at] ?? '')) {
      const token = quoted(rule, at);
      tokens.push(token);
      at = token.to;
      continue;
    }
    for (const [type, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const raw = pattern.exec(rule)?.[0];
      if (raw === undefined) continue;
      if (type !== 'space') tokens.push(tokenOf(type, raw, at));
      at += raw.length;
      continue next;
    }
    const odd = String.fromCodePoint(rule.codePointAt(at) ?? 0);
    throw new RuleFault(at, at + odd.length, `"${odd}" has no meaning here. Texts stand between quotes.`);
  }
  return [...tokens, { type: 'end', value: '', raw: '', from: rule.length, to: rule.length }];
}
