import { RuleFault } from './fault.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Walks the pieces of a rule: looks ahead, takes, and says where something else was expected. */
export class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** Whether the words or signs come next; what stands between quotes is neither. */
  comes(...words: readonly string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.peek(ahead);
      return (token.type === 'word' || token.type === 'sign') && token.value === word;
    });
  }

  /** Takes the words if they come next. */
  take(...words: readonly string[]): boolean {
    const isNext = this.comes(...words);
    if (isNext) this.skip(words.length);
    return isNext;
  }

  /** What was written from a token to the one before the next, for messages. */
  since(token: Token): string {
    const end = this.#tokens[this.#at - 1]?.to ?? token.to;
    const written = this.#text.slice(token.from, end).replace(/\s+/g, ' ');
    return written.length > 60 ? `${written.slice(0, 57)}…` : written;
  }

  /** Says that something else was expected where the next token stands. */
  fail(message: string, token: Token = this.peek()): never {
    throw new RuleFault(token.from, token.to, message);
  }
}
