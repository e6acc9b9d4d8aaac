import { LOCALES, type Locale, type Question } from '../../../schema/survey.ts';
import { pluralKey } from '../../../widgets/locales/text.ts';
import type { HostedSurvey } from '../../surveys/hosted.ts';
import { questionViews } from '../../surveys/question-views.gen.ts';
import type { Fault, Given } from '../../surveys/response.ts';
import { OWN_NAMES, type Speech } from './locale.ts';
import { PublicDocument, publicResponse } from './respond.tsx';

/** Names of the form's own fields. No question has such a name: their ids begin with a letter. */
export const RESPONSE_FIELD = '_response';

export type SurveyPage = {
  readonly hosted: HostedSurvey;
  readonly speech: Speech;
  readonly responseId: string;
  readonly given: Given;
  readonly faults?: ReadonlyMap<string, Fault>;
  /** Said above the form when it could not be taken. */
  readonly trouble?: string;
  readonly status?: number;
  /** What the link chose, kept when the language is changed. */
  readonly chosen?: Given;
};

const pathOf = (hosted: HostedSurvey): string => `/s/${encodeURIComponent(hosted.token)}`;
const anchorOf = (question: Question): string => `ask-${question.id}`;

const legendOf = ({ label, kind, required }: Question, { locale, text }: Speech): string =>
  `${label[locale] ?? label.en ?? text(`${kind}.question`)} ${required ? '' : text('optional')}`.trim();

function faultText(fault: Fault | undefined, { text }: Speech): string | null {
  if (fault === undefined) return null;
  return text(fault === 'missing' ? 'required' : 'page.unfit');
}

/** What is wrong, with a way to each question. Comes first, so that it is met first. */
function Summary({ hosted, speech, faults, trouble }: Pick<SurveyPage, 'hosted' | 'speech' | 'faults' | 'trouble'>) {
  const faulty = hosted.settings.survey.questions.filter(({ id }) => faults?.has(id));
  if (faulty.length === 0 && !trouble) return null;
  return (
    <div class="public-errors" role="alert">
      <h2>{trouble ?? headingOf(faults ?? new Map(), speech)}</h2>
      {faulty.length > 0 && (
        <ul>
          {faulty.map((question) => (
            <li key={question.id}>
              <a href={`#${anchorOf(question)}`}>{legendOf(question, speech)}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function headingOf(faults: ReadonlyMap<string, Fault>, { locale, text }: Speech): string {
  const missing = [...faults.values()].filter((fault) => fault === 'missing').length;
  return missing > 0 ? text(pluralKey(locale, 'page.errors', missing), { count: missing }) : text('page.unfit');
}

function Ask({ question, page }: { readonly question: Question; readonly page: SurveyPage }) {
  const View = questionViews[question.kind];
  if (!View) return null;
  return (
    <div id={anchorOf(question)} class="public-question">
      <View
        id={`rp-${question.id}`}
        name={question.id}
        value={page.given[question.id] ?? null}
        text={page.speech.text}
        legend={legendOf(question, page.speech)}
        required={question.required}
        error={faultText(page.faults?.get(question.id), page.speech)}
      />
    </div>
  );
}

function Languages({ page }: { readonly page: SurveyPage }) {
  const hrefOf = (locale: Locale) => {
    const query = new URLSearchParams(page.chosen);
    query.set('lang', locale);
    return `${pathOf(page.hosted)}?${query}`;
  };
  return (
    <nav class="public-languages" aria-label={page.speech.text('page.language')}>
      <ul>
        {LOCALES.map((locale) => (
          <li key={locale}>
            <a
              href={hrefOf(locale)}
              lang={locale}
              hreflang={locale}
              dir={locale === 'ar' ? 'rtl' : 'ltr'}
              aria-current={locale === page.speech.locale ? 'true' : undefined}
            >
              {OWN_NAMES[locale]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The address of the stylesheet with the owner's accent; the colour in it makes a change show at once. */
const lookOf = (hosted: HostedSurvey): string =>
  `${pathOf(hosted)}/accent.css?of=${encodeURIComponent(hosted.settings.accent.slice(1))}`;

/** The survey as a form that needs no script. */
export function surveyPage(page: SurveyPage): Response {
  const { hosted, speech, faults, trouble, status = 200 } = page;
  const { text } = speech;
  const { survey, theme, origins } = hosted.settings;
  const problem = trouble ?? (faults && faults.size > 0 ? headingOf(faults, speech) : null);
  const title = problem ? `${problem} – ${text('title')}` : text('title');
  return publicResponse(
    <PublicDocument title={title} speech={speech} theme={theme} look={lookOf(hosted)}>
      <h1>{text('title')}</h1>
      <p class="public-lead">{text('page.intro')}</p>
      <Summary hosted={hosted} speech={speech} {...(faults && { faults })} {...(trouble && { trouble })} />
      {/* Our own words say what is missing, in the language of the page and in one place. */}
      <form method="post" action={`${pathOf(hosted)}?lang=${speech.locale}`} noValidate>
        <input type="hidden" name={RESPONSE_FIELD} value={page.responseId} />
        {survey.questions.map((question) => (
          <Ask key={question.id} question={question} page={page} />
        ))}
        <button type="submit" class="public-send">
          {text('send')}
        </button>
        <p class="public-small">{text('page.privacy', { name: hosted.source.name })}</p>
      </form>
      <Languages page={page} />
    </PublicDocument>,
    { status, framedBy: origins },
  );
}

/** After sending. Reloading it sends nothing. */
export function thanksPage(
  hosted: HostedSurvey,
  { speech, isRepeated }: { speech: Speech; isRepeated: boolean },
): Response {
  const { text } = speech;
  const { theme, origins } = hosted.settings;
  return publicResponse(
    <PublicDocument title={text('thanks')} speech={speech} theme={theme} look={lookOf(hosted)}>
      <h1>{text('thanks')}</h1>
      <p class="public-lead">{text(isRepeated ? 'page.answered' : 'outcome.sent')}</p>
    </PublicDocument>,
    { framedBy: origins },
  );
}
