/**
 * Conversations: which contacts belong to one exchange of words. A pure function of what is stored, computed when it is read, so
 * that mails may arrive in any order and one that comes late joins what its absence kept apart.
 */
export type Talk = {
  readonly seq: number;
  readonly kind: string;
  readonly channel: string;
  /** Epoch ms. */
  readonly at: number;
  /** What all events of one message have in common: `email:<id>`, `message:<id>`. */
  readonly subject: string | null;
  /** Message ids it is known by, and those of the mails it answers. */
  readonly ids: readonly string[];
};

/** What a contact is in a conversation: words of the customer, words of ours, a machine's, or what became of a message. */
export type Part = 'customer' | 'business' | 'machine' | 'state';

const PARTS: Readonly<Record<string, Part>> = {
  email_received: 'customer',
  sms_received: 'customer',
  message_received: 'customer',
  sms_unsubscribed: 'customer',
  message_unsubscribed: 'customer',
  sms_resubscribed: 'customer',
  message_resubscribed: 'customer',
  email_sent: 'business',
  sms_sent: 'business',
  message_sent: 'business',
  email_autoreplied: 'machine',
};
export const partOf = (kind: string): Part => (Object.hasOwn(PARTS, kind) ? PARTS[kind] : undefined) ?? 'state';

/** One message with what became of it. */
export type ThreadMessage = {
  /** The contact that holds its words. */
  readonly seq: number;
  readonly part: Part;
  readonly at: number;
  /** Later events of it: delivered, opened, came back. */
  readonly states: readonly { readonly seq: number; readonly kind: string; readonly at: number }[];
};

export type Thread = {
  /** Oldest first. */
  readonly messages: readonly ThreadMessage[];
  /** All contacts of it, states as well. */
  readonly seqs: readonly number[];
  /** From the customer's first words to the first of ours after them; null while there are none. */
  readonly firstAnswerMs: number | null;
  /** The last words are the customer's. */
  readonly isOpen: boolean;
};

/** Channels on which there is one conversation with a customer, from the first message to the last. */
const ENDLESS: readonly string[] = ['sms', 'messenger'];

/** Names under which a contact is found by others of its conversation. */
function namesOf({ channel, subject, ids }: Talk): string[] {
  if (ENDLESS.includes(channel)) return [`channel ${channel}`];
  return [...(subject === null ? [] : [`subject ${subject}`]), ...ids.map((id) => `mail ${id}`)];
}

/** Sets of contacts that share a name, directly or by others (union-find). One without any name stands alone. */
function connected(talks: readonly Talk[]): Talk[][] {
  const parent = talks.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at;
      at = parent[at] ?? at;
    }
    return at;
  };
  const holder = new Map<string, number>();
  talks.forEach((talk, index) => {
    for (const name of namesOf(talk)) {
      const other = holder.get(name);
      if (other === undefined) holder.set(name, index);
      else parent[root(index)] = root(other);
    }
  });
  const sets = new Map<number, Talk[]>();
  talks.forEach((talk, index) => {
    const set = sets.get(root(index));
    if (set) set.push(talk);
    else sets.set(root(index), [talk]);
  });
  return [...sets.values()];
}

/** By time; of two at the same time by what they are and not by which came first. */
const byTime = (a: Talk, b: Talk): number =>
  a.at - b.at || compare(a.subject ?? '', b.subject ?? '') || compare(a.kind, b.kind) || a.seq - b.seq;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of the events of one message of ours the one that stands for it: that it was sent, or the first that shows it was. */
function messageOf(events: readonly Talk[]): ThreadMessage | null {
  const spoken = events.find(({ kind }) => partOf(kind) !== 'state');
  const shown = spoken ?? events.find(({ kind }) => kind.endsWith('_delivered'));
  if (!shown) return null;
  const states = events.filter((event) => event !== shown).map(({ seq, kind, at }) => ({ seq, kind, at }));
  return { seq: shown.seq, part: spoken ? partOf(spoken.kind) : 'business', at: shown.at, states };
}

function messagesOf(talks: readonly Talk[]): ThreadMessage[] {
  const messages = new Map<string, Talk[]>();
  for (const talk of [...talks].sort(byTime)) {
    const key = talk.subject ?? `seq ${talk.seq}`;
    const events = messages.get(key);
    if (events) events.push(talk);
    else messages.set(key, [talk]);
  }
  // A stable sort: messages of one time stay as their contacts were sorted.
  return [...messages.values()].flatMap((events) => messageOf(events) ?? []).sort((a, b) => a.at - b.at);
}

/** Milliseconds from the customer's first words to the next of ours. */
function firstAnswer(messages: readonly ThreadMessage[]): number | null {
  const asked = messages.find(({ part }) => part === 'customer');
  const answer = asked && messages.find(({ part, at }) => part === 'business' && at > asked.at);
  return asked && answer ? answer.at - asked.at : null;
}

function threadOf(talks: readonly Talk[]): Thread {
  const messages = messagesOf(talks);
  const last = messages.findLast(({ part }) => part === 'customer' || part === 'business');
  return {
    messages,
    seqs: talks.map(({ seq }) => seq).sort((a, b) => a - b),
    firstAnswerMs: firstAnswer(messages),
    isOpen: last?.part === 'customer',
  };
}

/** The conversations among the contacts of one customer, in no particular order. */
export const threadsOf = (talks: readonly Talk[]): Thread[] => connected(talks).map(threadOf);

/** Worth showing as one: more than one message, and the customer said something. What was only sent stays as it is. */
export const isConversation = ({ messages }: Thread): boolean =>
  messages.length > 1 && messages.some(({ part }) => part === 'customer');
