import type { SiteEvent } from '../../schema/survey.ts';
import type { Site, SurveyModule } from '../embed/site.ts';
import { attempt } from '../embed/storage.ts';
import { lazyCatalogues } from '../locales/lazy.ts';
import { textOf } from '../locales/text.ts';
import { confirmAddress } from './confirm.ts';
import { answersOf, type Draft } from './draft.ts';
import { composeMessage, randomId } from './message.ts';
import { createOutbox, type Outcome } from './outbox.ts';
import { Panel, type PanelProps } from './panel.ts';
import questionCss from './question.css';
import { questionViews } from './questions.gen.ts';
import surveyCss from './survey.css';

let outbox: ReturnType<typeof createOutbox> | undefined;
let mounting: Promise<Panel> | undefined;
let panel: Panel | undefined;
/** What had the focus before; a page without our button gets it back. */
let opener: HTMLElement | null = null;
/** Shown without the visitor's asking: told to the server only when they act. */
let shownAt: number | undefined;

/** The outbox of the page; it also sends when the connection comes back. */
function outboxOf(site: Site) {
  if (!outbox) {
    outbox = createOutbox({
      storage: attempt(() => localStorage) ?? null,
      prefix: `${site.prefix}out:`,
      post: async (body) => {
        const { base, config } = site;
        const signal = AbortSignal.timeout(20_000);
        // A string goes as text/plain, which needs no preflight.
        const reply = await fetch(`${base}/w/${config.key}/in`, { method: 'POST', body, keepalive: true, signal });
        return { status: reply.status, waitSeconds: Number(reply.headers.get('retry-after')) || 0 };
      },
      schedule: setTimeout,
      onOutcome: (outcome: Outcome, status) => {
        panel?.tell(outcome);
        if (outcome === 'refused') site.emit('error', { reason: 'refused', status });
      },
    });
    addEventListener('online', outbox.flush);
  }
  return outbox;
}

function send(site: Site, type: SiteEvent['type'], rest: Partial<SiteEvent> = {}): void {
  const survey = type === 'page_viewed' ? {} : { survey: site.config.settings.survey.id };
  const event: SiteEvent = { id: randomId(), at: Date.now(), type, ...survey, ...rest };
  outboxOf(site).add(event.id, JSON.stringify(composeMessage(site, event)));
}

/** The visitor acted, so now it may be said that they saw the survey. */
function sendShown(site: Site): void {
  if (shownAt) send(site, 'survey_shown', { at: shownAt });
  shownAt = undefined;
}

function panelProps(site: Site): Pick<PanelProps, 'loadDraft' | 'onDraft' | 'onAnswer' | 'onComplete' | 'onClose'> {
  const { button, prefix, config } = site;
  const { questions } = config.settings.survey;
  const see = () => attempt(() => sessionStorage.setItem(`${prefix}seen`, '1'));
  return {
    loadDraft: () =>
      attempt((): Draft | null => JSON.parse(sessionStorage.getItem(`${prefix}draft`) ?? 'null')) ?? {
        id: randomId(),
        step: 0,
        answers: {},
      },
    onDraft: (draft) => {
      sendShown(site);
      attempt(() => sessionStorage.setItem(`${prefix}draft`, JSON.stringify(draft)));
    },
    onAnswer: ({ id }) => site.emit('answered', { question: id }),
    onComplete: (draft) => {
      sendShown(site);
      attempt(() => sessionStorage.removeItem(`${prefix}draft`));
      see();
      const answers = answersOf(draft, questions);
      if (answers.length > 0) send(site, 'survey_answered', { id: draft.id, answers });
      site.emit('completed', { response: draft.id, answers });
    },
    onClose: (isComplete, hadFocus) => {
      button.hidden = !button.textContent;
      if (hadFocus) (button.hidden ? opener : button)?.focus();
      if (isComplete) return;
      sendShown(site);
      see();
      send(site, 'survey_dismissed');
      site.emit('dismissed');
    },
  };
}

async function mount(site: Site): Promise<Panel> {
  const { locale, root, box, config } = site;
  const { survey } = config.settings;
  const kinds = survey.questions.map(({ kind }) => kind);
  const [catalogue, ...views] = await Promise.all([
    lazyCatalogues[locale](),
    ...kinds.map(async (kind) => [kind, await questionViews[kind]?.()] as const),
  ]);
  const text = textOf(catalogue.default);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(questionCss + surveyCss);
  root.adoptedStyleSheets.push(sheet);
  return new Panel(box, {
    survey,
    views: Object.fromEntries(views),
    text,
    legendOf: ({ label, kind }) => label[locale] ?? label.en ?? text(`${kind}.question`),
    ...panelProps(site),
  });
}

export const open: SurveyModule['open'] = async (site, isByVisitor) => {
  mounting ??= mount(site);
  try {
    panel = await mounting;
  } catch (error) {
    mounting = undefined;
    throw error;
  }
  const before = document.activeElement as HTMLElement | null;
  if (!panel.open(isByVisitor)) return;
  opener = before;
  site.button.hidden = true;
  shownAt = Date.now();
  if (isByVisitor) sendShown(site);
  site.emit('shown');
};

export const close: SurveyModule['close'] = () => panel?.close();

export const page: SurveyModule['page'] = (site) => send(site, 'page_viewed');

export const flush: SurveyModule['flush'] = (site) => outboxOf(site).flush();

export const reset: SurveyModule['reset'] = () => panel?.remove();

export const on: SurveyModule['on'] = (site, name, ...rest) =>
  name === 'confirm' ? confirmAddress(site, ...rest) : console.warn(`rapport: no ${name}`);
