import { LOCALES } from '../../../schema/survey.ts';
import { momentIn } from '../../outbox/templates.ts';
import { OWN_NAMES } from '../public/locale.ts';
import type { CentrePage, CentreProps } from './centre.ts';
import { byPurpose, type Choice, nameOfChoice } from './choices.ts';
import { Bought, Said, What, Who, Words } from './known.tsx';
import { Noted } from './noted.tsx';
import { Contact, type Frame, hrefOf, nameOf, Part, Send, sheet } from './parts.tsx';
import { dayIn, languageIn } from './speech.ts';

function Tick({ choice, frame: { speech } }: { readonly choice: Choice; readonly frame: Frame }) {
  const { text, locale } = speech;
  const name = nameOfChoice(choice);
  const { said, isAllowed, channel } = choice;
  return (
    <li>
      <label class="preferences-tick">
        <input type="checkbox" name="allow" value={name} checked={isAllowed} />
        <span>
          {text(`channel.${channel}`)}
          {said && (
            <span class="preferences-aside"> ({text(`consent.${said.state}`, { day: dayIn(locale, said.at) })})</span>
          )}
        </span>
      </label>
      <input type="hidden" name="shown" value={`${name}:${isAllowed ? 1 : 0}`} />
    </li>
  );
}

function Choices({ frame, page: { choices } }: CentreProps) {
  const { text } = frame.speech;
  return (
    <Part id="choices" title={text('consent.title')}>
      <p class="preferences-aside">{text('consent.lead', { name: nameOf(frame) })}</p>
      <form method="post" action={hrefOf(frame, '/p/me/choices')}>
        {byPurpose(choices).map((group) => (
          <fieldset key={group.purpose} class="preferences-purpose">
            <legend>{text(`purpose.${group.purpose}`)}</legend>
            <ul>
              {group.choices.map((choice) => (
                <Tick key={nameOfChoice(choice)} choice={choice} frame={frame} />
              ))}
            </ul>
          </fieldset>
        ))}
        <button type="submit" class="public-send">
          {text('consent.save')}
        </button>
      </form>
      <Send action={hrefOf(frame, '/p/me/everything')} label={text('all.go')} quiet />
      <p class="public-small">{text('all.words')}</p>
    </Part>
  );
}

function Language({ frame, page: { language } }: CentreProps) {
  const { text, locale: shown } = frame.speech;
  // A language that is none of ours stays chosen until somebody chooses: saving the page as it is changes nothing.
  const isOther = language !== null && !LOCALES.some((locale) => locale === language);
  return (
    <form method="post" action={hrefOf(frame, '/p/me/language')} class="preferences-part preferences-form">
      <h2>
        <label for="language">{text('language.title')}</label>
      </h2>
      <select id="language" name="language">
        {isOther && (
          <option value="" selected>
            {text('language.kept', { language: languageIn(shown, language) })}
          </option>
        )}
        {LOCALES.map((locale) => (
          <option key={locale} value={locale} lang={locale} selected={!isOther && locale === (language ?? shown)}>
            {OWN_NAMES[locale]}
          </option>
        ))}
      </select>
      <button type="submit" class="public-send preferences-quiet">
        {text('language.save')}
      </button>
    </form>
  );
}

/** `GET /p/me`: what is kept of a person, and everything they may decide about it. */
export function centrePage(frame: Frame, page: CentrePage): Response {
  const { text, locale } = frame.speech;
  const props = { frame, page };
  return sheet({
    frame,
    title: text('title'),
    path: '/p/me',
    notice: page.notice && text(page.notice),
    children: (
      <>
        <p class="public-lead">{text('me.lead', { name: nameOf(frame), time: momentIn(locale, page.until) })}</p>
        {page.isPart && <p class="preferences-notice">{text('me.part', { name: nameOf(frame) })}</p>}
        <Part id="who" title={text('who.title')}>
          <Who {...props} />
          <Noted {...props} />
        </Part>
        <Part id="what" title={text('what.title')}>
          <What {...props} />
        </Part>
        <Bought {...props} />
        <Said {...props} />
        <Words {...props} />
        <Choices {...props} />
        <Language {...props} />
        <Part id="data" title={text('data.title')}>
          <p>{text('data.words')}</p>
          <ul class="preferences-list">
            <li>
              <a href={hrefOf(frame, '/p/me/data.html')} download>
                {text('data.html')}
              </a>
            </li>
            <li>
              <a href="/p/me/data.json" download>
                {text('data.json')}
              </a>
            </li>
          </ul>
        </Part>
        <Part id="erase" title={text('erase.title')}>
          <p>{text('erase.words')}</p>
          <p>
            <a class="preferences-danger" href={hrefOf(frame, '/p/me/erase')}>
              {text('erase.go')}
            </a>
          </p>
        </Part>
        <Contact frame={frame} phrase="contact" />
        <Send action={hrefOf(frame, '/p/me/close')} label={text('me.leave')} quiet />
      </>
    ),
  });
}

/** `GET /p/me/erase`: what goes and what stays, and the button that does it. */
export function surePage(frame: Frame, isPart: boolean): Response {
  const { text } = frame.speech;
  const list = (keys: readonly string[]) => (
    <ul class="preferences-bullets">
      {keys.map((key) => (
        <li key={key}>{text(key)}</li>
      ))}
    </ul>
  );
  return sheet({
    frame,
    title: text('sure.title'),
    path: '/p/me/erase',
    children: (
      <>
        <Part id="goes" title={text('sure.goes.title')}>
          {list(['sure.goes.names', 'sure.goes.words', 'sure.goes.choices'])}
        </Part>
        <Part id="stays" title={text('sure.stays.title')}>
          {list(['sure.stays.figures', 'sure.stays.hash', 'sure.stays.refusals', 'sure.stays.others'])}
        </Part>
        {isPart && <p class="preferences-gap">{text('sure.part')}</p>}
        <p class="preferences-gap">
          <strong>{text('sure.final')}</strong>
        </p>
        <form method="post" action={hrefOf(frame, '/p/me/erase')}>
          <input type="hidden" name="confirm" value="erase" />
          <button type="submit" class="public-send preferences-final">
            {text('sure.yes')}
          </button>
        </form>
        <p class="preferences-gap">
          <a href={hrefOf(frame, '/p/me')}>{text('sure.no')}</a>
        </p>
      </>
    ),
  });
}
