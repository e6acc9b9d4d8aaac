const ENDINGS = new Set(['unsubscribed', 'complained']);
/** Kinds that show that we write to a person on that way. */
const WRITTEN = new Set(['sent', 'delivered', 'opened', 'clicked', 'bounced']);
const NOUNS = new Set(['email', 'sms', 'message']);

/** The ways we write to a person (`email`, `sms`, `message`), and which of them they have closed. */
export class Places {
  readonly #used = new Set<string>();
  readonly #closed = new Set<string>();

  /** Something is closed, and nothing that we use is open. */
  get isLeft(): boolean {
    return this.#closed.size > 0 && [...this.#used].every((noun) => this.#closed.has(noun));
  }

  /** A message that went out, or a wish for messages. */
  begin(kind: string): void {
    const [noun = '', verb = ''] = kind.split('_');
    if (!NOUNS.has(noun)) return;
    if (WRITTEN.has(verb)) this.#used.add(noun);
    if (verb === 'subscribed') this.#closed.delete(noun);
  }

  /** A wish for no more of them; true when it is one. */
  end(kind: string): boolean {
    const [noun = '', verb = ''] = kind.split('_');
    if (!NOUNS.has(noun) || !ENDINGS.has(verb)) return false;
    this.#closed.add(noun);
    return true;
  }

  comeBack(): void {
    this.#closed.clear();
  }
}
