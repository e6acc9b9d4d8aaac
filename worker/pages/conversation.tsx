import type { Runtime } from '../platform/env.ts';
import { type Conversation, readConversation } from '../record/conversations.ts';
import type { Part } from '../record/threads.ts';
import { type Touchpoint, touchpointSeq } from '../record/timeline.ts';
import { Files, MailNote, Quoted } from './components/mail-parts.tsx';
import { Ago, Moment } from './components/time.tsx';
import { KindIcon } from './components/touchpoint-line.tsx';
import { channelTitle, formatSpan, stateWords, topicOf } from './conversation-words.ts';
import { formatMoment, plural } from './format.ts';
import { StaffPage } from './layout.tsx';

const SPEAKERS: Readonly<Record<Exclude<Part, 'customer'>, string>> = {
  business: 'You',
  machine: 'Automatic answer',
  state: 'You',
};

/** Who said it: a mail that came to somebody's reply address from another address says so. */
function speakerOf(part: Part, { data, customerName }: Touchpoint): string {
  if (part !== 'customer') return SPEAKERS[part];
  return typeof data.from === 'string' ? data.from : (customerName ?? 'No name yet');
}

type Message = Conversation['messages'][number];

function MessageView({ message, topic }: { readonly message: Message; readonly topic: string | null }) {
  const { part, touchpoint, states } = message;
  const title = typeof touchpoint.data.title === 'string' ? touchpoint.data.title : null;
  const own = title !== null && topicOf(title) !== topic ? title : null;
  return (
    <li class={`message message-${part}`}>
      <p class="message-head">
        <strong dir="auto">{speakerOf(part, touchpoint)}</strong>
        <a href={`/touchpoints/${touchpoint.id}`}>
          <time dateTime={new Date(touchpoint.occurredAt).toISOString()}>{formatMoment(touchpoint.occurredAt)}</time>
        </a>
      </p>
      {own && (
        <p class="message-title" dir="auto">
          {own}
        </p>
      )}
      {touchpoint.text ? (
        <div class="message-words" dir="auto">
          {touchpoint.text}
        </div>
      ) : (
        <p class="muted">{title === null || own !== null ? 'Its words are not known here.' : title}</p>
      )}
      <MailNote touchpoint={touchpoint} />
      <Files touchpoint={touchpoint} />
      <Quoted touchpoint={touchpoint} />
      {states.length > 0 && <p class="event-meta">{stateWords(states.map(({ kind }) => kind))}</p>}
    </li>
  );
}

function Facts({ conversation, now }: { readonly conversation: Conversation; readonly now: number }) {
  const { thread, messages } = conversation;
  const answer = thread.firstAnswerMs;
  const [first] = messages;
  const last = messages.at(-1);
  return (
    <dl class="facts card">
      <div>
        <dt>Messages</dt>
        <dd>{plural(messages.length, 'message')}</dd>
      </div>
      <div>
        <dt>Began</dt>
        <dd>{first && <Moment ms={first.at} />}</dd>
      </div>
      <div>
        <dt>Last message</dt>
        <dd>{last && <Ago ms={last.at} now={now} />}</dd>
      </div>
      {answer !== null && (
        <div>
          <dt>Time to first answer</dt>
          <dd>{formatSpan(answer)}</dd>
        </div>
      )}
      <div>
        <dt>Now</dt>
        <dd>{thread.isOpen ? 'The customer spoke last' : 'You spoke last'}</dd>
      </div>
    </dl>
  );
}

/** `GET /conversations/:id`: who said what and when. Null when the id names no message. */
export async function conversationPage({ db, clock }: Runtime, id: string) {
  const seq = touchpointSeq(id);
  const conversation = seq === null ? null : await readConversation(db, seq);
  const [first] = conversation?.messages ?? [];
  if (!conversation || !first) return null;
  const topic = topicOf(first.touchpoint.data.title);
  const heading = topic ?? channelTitle(first.touchpoint.channel);
  return (
    <StaffPage title={heading} section="customers">
      <header class="record-head">
        <KindIcon kind={first.touchpoint.kind} />
        <div>
          <p class="label">
            <a href={`/customers/${conversation.customerId}`} dir="auto">
              {conversation.customerName ?? 'No name yet'}
            </a>
          </p>
          <h1 dir="auto">{heading}</h1>
        </div>
      </header>
      <Facts conversation={conversation} now={clock.now()} />
      <ol class="messages" aria-label="Messages, oldest first">
        {conversation.messages.map((message) => (
          <MessageView key={message.seq} message={message} topic={topic} />
        ))}
      </ol>
    </StaffPage>
  );
}
