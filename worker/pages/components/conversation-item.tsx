import type { Thread } from '../../record/threads.ts';
import type { Touchpoint } from '../../record/timeline.ts';
import { channelTitle, formatSpan, topicOf } from '../conversation-words.ts';
import { formatClock, plural } from '../format.ts';
import { KindIcon } from './touchpoint-line.tsx';

/** How it stands: who waits for whom, and how long the first answer took. */
function standingOf({ firstAnswerMs, isOpen }: Thread): string {
  const answered = firstAnswerMs === null ? 'not answered yet' : `first answered in ${formatSpan(firstAnswerMs)}`;
  return isOpen && firstAnswerMs !== null ? `${answered}, waits for an answer` : answered;
}

/** A conversation in the timeline of its customer, at its latest message. */
export function ConversationItem({ touchpoint, thread }: { readonly touchpoint: Touchpoint; readonly thread: Thread }) {
  const { id, kind, channel, occurredAt, sourceName, text, data } = touchpoint;
  const topic = topicOf(data.title);
  const last = thread.messages.at(-1)?.part;
  return (
    <li class="event">
      <KindIcon kind={kind} />
      <div class="event-body">
        <p class="event-line">
          <a href={`/conversations/${id}`}>
            {topic === null ? (
              `Conversation: ${channelTitle(channel).toLowerCase()}`
            ) : (
              <>
                Conversation: <bdi>{topic}</bdi>
              </>
            )}
          </a>
        </p>
        <p>
          <span class="count">{plural(thread.messages.length, 'message')}</span>, {standingOf(thread)}
        </p>
        {text && (
          <blockquote class="words words-short" dir="auto">
            {text}
          </blockquote>
        )}
        <p class="event-meta">
          <time dateTime={new Date(occurredAt).toISOString()}>{formatClock(occurredAt)}</time>
          <span>
            {last === 'customer' ? 'from the customer' : last === 'machine' ? 'automatic answer' : 'from you'}
          </span>
          <span dir="auto">{sourceName}</span>
          {data.test === true && <span>Test</span>}
        </p>
      </div>
    </li>
  );
}
