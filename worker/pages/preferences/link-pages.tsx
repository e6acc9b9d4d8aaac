import { momentIn } from '../../outbox/templates.ts';
import type { Certificate } from '../../record/erasure/certificate.ts';
import { Contact, type Frame, hrefOf, nameOf, Send, sheet } from './parts.tsx';

/** The pages around the centre: asking for a link, opening one, leaving by one. */

type AskPage = { readonly typed: string; readonly isUnfit: boolean; readonly canSend: boolean };

/** `GET /p`. */
export function askPage(frame: Frame, { typed, isUnfit, canSend }: AskPage): Response {
  const { text } = frame.speech;
  const { contact } = frame.business;
  return sheet({
    frame,
    title: text('ask.title'),
    path: '/p',
    status: isUnfit ? 422 : 200,
    children: canSend ? (
      <>
        <p class="public-lead">{text('ask.lead', { name: nameOf(frame) })}</p>
        <form method="post" action={hrefOf(frame, '/p')} noValidate class="preferences-form">
          <label for="email">{text('ask.email')}</label>
          <input
            id="email"
            name="email"
            type="email"
            autocomplete="email"
            required
            maxLength={254}
            dir="ltr"
            value={typed}
            aria-invalid={isUnfit ? 'true' : undefined}
            aria-describedby={isUnfit ? 'email-fault' : undefined}
          />
          {isUnfit && (
            <p id="email-fault" class="preferences-fault" role="alert">
              {text('ask.unfit')}
            </p>
          )}
          <button type="submit" class="public-send">
            {text('ask.send')}
          </button>
        </form>
        <Contact frame={frame} phrase="contact" />
      </>
    ) : (
      <p class="public-lead">
        <bdi>{text('ask.cannot', { contact: contact ?? nameOf(frame) })}</bdi>
      </p>
    ),
  });
}

/** `GET /p/asked`: the same for every address. */
export function askedPage(frame: Frame): Response {
  const { text } = frame.speech;
  return sheet({
    frame,
    title: text('asked.title'),
    path: '/p/asked',
    children: (
      <>
        <p class="public-lead">{text('asked.words')}</p>
        <p>{text('asked.again')}</p>
        <p>
          <a href={hrefOf(frame, '/p')}>{text('back')}</a>
        </p>
      </>
    ),
  });
}

/** What a link of a mail first shows: a button. Programs that follow links for their users do not press it. */
export function openPage(frame: Frame, path: string): Response {
  const { text } = frame.speech;
  return sheet({
    frame,
    title: text('title'),
    path,
    children: (
      <>
        <p class="public-lead">{text('open.words', { name: nameOf(frame) })}</p>
        <Send action={hrefOf(frame, path)} label={text('open.go')} act="open" />
      </>
    ),
  });
}

/** For every link that is not good, whatever the reason. */
export function deadPage(frame: Frame): Response {
  const { text } = frame.speech;
  return sheet({
    frame,
    title: text('dead.title'),
    path: null,
    status: 404,
    children: (
      <>
        <p class="public-lead">{text('dead.words')}</p>
        <p>
          <a href={hrefOf(frame, '/p')}>{text('dead.new')}</a>
        </p>
        <Contact frame={frame} phrase="contact" />
      </>
    ),
  });
}

/** The link at the foot of a mail: it ends mails, and shows nothing of anybody. */
export function leavePage(
  frame: Frame,
  path: string,
  { isDone, canSend }: { isDone: boolean; canSend: boolean },
): Response {
  const { text } = frame.speech;
  const action = hrefOf(frame, path);
  return sheet({
    frame,
    title: text('leave.title'),
    path,
    notice: isDone ? text('consent.saved') : null,
    children: (
      <>
        <p class="public-lead">{text('leave.lead', { name: nameOf(frame) })}</p>
        <Send action={action} label={text('all.go')} act="everything" />
        <p class="public-small">{text('all.words')}</p>
        <p class="preferences-gap">{text('leave.some')}</p>
        {(['marketing', 'research'] as const).map((purpose) => (
          <Send
            key={purpose}
            action={action}
            act={purpose}
            label={text('leave.purpose', { purpose: text(`purpose.${purpose}`) })}
            quiet
          />
        ))}
        {canSend && (
          <section class="preferences-part" aria-labelledby="see">
            <h2 id="see">{text('leave.see.title')}</h2>
            <p>{text('leave.see.words')}</p>
            <Send action={action} act="fresh" label={text('leave.see.go')} quiet />
          </section>
        )}
        <Contact frame={frame} phrase="contact" />
      </>
    ),
  });
}

/** After the mailbox program's own button, and for who ended everything: nothing more to do. */
export const donePage = (frame: Frame): Response =>
  sheet({ frame, title: frame.speech.text('all.done'), path: null, children: null });

/** After the centre was closed. */
export const leftPage = (frame: Frame): Response =>
  sheet({
    frame,
    title: frame.speech.text('left.title'),
    path: '/p/left',
    children: <p class="public-lead">{frame.speech.text('left.words')}</p>,
  });

/** `GET /p/erased/:id`: that it was done, and how to show it. Holds nothing of anybody. */
export function erasedPage(frame: Frame, { id, erasedAt }: Certificate, isPart: boolean): Response {
  const { text, locale } = frame.speech;
  return sheet({
    frame,
    title: text('erased.title'),
    path: isPart ? null : `/p/erased/${id}`,
    children: (
      <>
        <p class="public-lead">{text(isPart ? 'erased.part' : 'erased.words')}</p>
        <dl class="preferences-facts">
          <div>
            <dt>{text('erased.number')}</dt>
            <dd dir="ltr">{id}</dd>
          </div>
          <div>
            <dt>{text('erased.time')}</dt>
            <dd>{momentIn(locale, erasedAt)}</dd>
          </div>
        </dl>
      </>
    ),
  });
}

/** What went wrong, said in a sentence. */
export const faultPage = (frame: Frame, fault: 'elsewhere' | 'tooMany', status: number): Response =>
  sheet({
    frame,
    title: frame.speech.text(`fault.${fault}`),
    path: null,
    status,
    ...(fault === 'tooMany' && { headers: { 'retry-after': '60' } }),
    children: null,
  });
