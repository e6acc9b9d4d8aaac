import { describe, expect, it } from 'vitest';
import { isConversation, type Talk, type Thread, threadsOf } from '../../worker/record/threads.ts';
import { fc, runs } from '../support/chance.ts';

const HOUR = 3600 * 1000;
const mail = (seq: number, kind: string, at: number, id: string, ...references: string[]): Talk => ({
  seq,
  kind,
  channel: 'email',
  at: at * HOUR,
  subject: `email:${id}`,
  ids: [id, ...references],
});
const sizes = (threads: readonly Thread[]): number[] => threads.map(({ seqs }) => seqs.length).sort((a, b) => a - b);
/** What people see of threads, free of the order of arrival. */
function shown(talks: readonly Talk[]): string[] {
  const nameOf = (seq: number): string => {
    const { kind, at, ids } = talks.find((talk) => talk.seq === seq) ?? mail(0, '', 0, '');
    return JSON.stringify([kind, at, ids[0]]);
  };
  return threadsOf(talks)
    .map(({ messages, seqs, firstAnswerMs, isOpen }) =>
      JSON.stringify({
        messages: messages.map(({ seq, part, states }) => [
          nameOf(seq),
          part,
          states.map((state) => nameOf(state.seq)),
        ]),
        all: seqs.map(nameOf).sort(),
        firstAnswerMs,
        isOpen,
      }),
    )
    .sort();
}

describe('mails of a conversation', () => {
  it('find each other by the mails they answer, also when one between them never came', () => {
    const threads = threadsOf([
      mail(1, 'email_received', 1, 'a'),
      mail(2, 'email_received', 5, 'd', 'a', 'missing'),
      mail(3, 'email_received', 9, 'e', 'missing'),
      mail(4, 'email_received', 9, 'x'),
    ]);
    expect(sizes(threads)).toEqual([1, 3]);
  });

  it('join what we sent, and what became of it is no message of its own', () => {
    const [thread] = threadsOf([
      mail(1, 'email_sent', 1, 'ours'),
      mail(2, 'email_delivered', 2, 'ours'),
      mail(3, 'email_opened', 3, 'ours'),
      mail(4, 'email_received', 4, 'theirs', 'ours'),
    ]);
    expect(thread?.messages.map(({ seq, states }) => [seq, states.map(({ kind }) => kind)])).toEqual([
      [1, ['email_delivered', 'email_opened']],
      [4, []],
    ]);
  });

  it('where only its delivery is known, that stands for our mail', () => {
    const [thread] = threadsOf([
      mail(1, 'email_opened', 3, 'ours'),
      mail(2, 'email_delivered', 2, 'ours'),
      mail(3, 'email_received', 4, 'theirs', 'ours'),
    ]);
    expect(thread?.messages.map(({ seq, part }) => [seq, part])).toEqual([
      [2, 'business'],
      [3, 'customer'],
    ]);
  });

  it('what was only sent is no conversation, nor is a single mail', () => {
    const sent = threadsOf([mail(1, 'email_sent', 1, 'a'), mail(2, 'email_sent', 2, 'b', 'a')]);
    const single = threadsOf([mail(1, 'email_received', 1, 'a'), mail(2, 'email_bounced', 2, 'z')]);
    expect([...sent, ...single].map(isConversation)).toEqual([false, false, false]);
  });
});

describe('the first answer', () => {
  const answered = (...talks: Talk[]) => threadsOf(talks)[0];
  it('is ours to their first words, and no machine’s', () => {
    const thread = answered(
      mail(1, 'email_sent', 0, 'news'),
      mail(2, 'email_received', 2, 'a', 'news'),
      mail(3, 'email_autoreplied', 3, 'b', 'a'),
      mail(4, 'email_received', 4, 'c', 'a'),
      mail(5, 'email_sent', 8, 'd', 'c'),
    );
    expect(thread).toMatchObject({ firstAnswerMs: 6 * HOUR, isOpen: false });
  });

  it('is none while nobody has answered, and a machine’s answer does not close it', () => {
    const thread = answered(mail(1, 'email_received', 1, 'a'), mail(2, 'email_autoreplied', 2, 'b', 'a'));
    expect(thread).toMatchObject({ firstAnswerMs: null, isOpen: true });
  });
});

it('text messages of a customer are one conversation for each channel', () => {
  const talk = (seq: number, channel: string, kind: string): Talk => ({
    seq,
    kind,
    channel,
    at: seq,
    subject: `message:${seq}`,
    ids: [],
  });
  const threads = threadsOf([
    talk(1, 'sms', 'sms_received'),
    talk(2, 'messenger', 'message_received'),
    talk(3, 'sms', 'sms_sent'),
    talk(4, 'sms', 'sms_unsubscribed'),
    talk(5, 'messenger', 'message_sent'),
  ]);
  expect(sizes(threads)).toEqual([2, 3]);
});

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const anyTalk = fc.record({
  kind: fc.constantFrom('email_received', 'email_sent', 'email_delivered', 'email_autoreplied', 'email_opened'),
  at: fc.nat(6),
  id: fc.constantFrom(...ids),
  references: fc.array(fc.constantFrom(...ids), { maxLength: 3 }),
});

it('whatever order the mails of a thread arrive in, it is the same thread', () => {
  fc.assert(
    fc.property(
      fc.array(anyTalk, { minLength: 1, maxLength: 12 }).chain((talks) => {
        const all = talks.map(({ kind, at, id, references }, seq) => mail(seq, kind, at, id, ...references));
        return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
      }),
      ([talks, shuffled]) => {
        const arrived = shuffled.map((talk, index) => ({ ...talk, seq: index + 1 }));
        expect(shown(arrived)).toEqual(shown(talks));
      },
    ),
    { numRuns: runs(2000) },
  );
});

it('a thousand mails that all name each other are one thread at once', () => {
  const talks = Array.from({ length: 1000 }, (_, seq) =>
    mail(seq, 'email_received', seq, `m${seq}`, ...Array.from({ length: 20 }, (_, n) => `m${(seq * 7 + n) % 1000}`)),
  );
  const start = performance.now();
  expect(threadsOf(talks)).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(2000);
});
