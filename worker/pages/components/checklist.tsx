import { providers } from '../../sources/providers.gen.ts';
import { Icon } from '../icons.tsx';

/** How far a new business has come, read off its data. */
export type Progress = {
  readonly source: { readonly id: string } | null;
  readonly site: { readonly id: string } | null;
  readonly hasEvent: boolean;
  readonly hasAnswer: boolean;
};

/** Where a website is added, whatever the provider of websites is called. */
const newSite = (): string => {
  const kind = providers.find((provider) => provider.door === 'site')?.kind;
  return kind ? `/sources/new?kind=${kind}` : '/sources/new';
};

type Step = { readonly title: string; readonly hint: string; readonly href: string; readonly isDone: boolean };

const stepsOf = ({ source, site, hasEvent, hasAnswer }: Progress): readonly Step[] => [
  {
    title: 'Add a source',
    hint: 'A shop, a payment service, a form or your website.',
    href: '/sources/new',
    isDone: source !== null,
  },
  {
    title: 'See the first event arrive',
    hint: 'Send a test event from the page of the source, or place a small order.',
    href: source ? `/sources/${source.id}` : '/sources/new',
    isDone: hasEvent,
  },
  {
    title: 'Put the survey on your website',
    hint: 'One line to paste before </body>.',
    href: site ? `/sources/${site.id}` : newSite(),
    isDone: site !== null,
  },
  {
    title: 'Get the first answer',
    hint: 'Open your site and answer the survey yourself.',
    href: site ? `/sources/${site.id}` : newSite(),
    isDone: hasAnswer,
  },
];

/** What to do first; gone once all of it is done. */
export function Checklist({ progress }: { readonly progress: Progress }) {
  const steps = stepsOf(progress);
  const done = steps.filter((step) => step.isDone).length;
  if (done === steps.length) return null;
  const next = steps.findIndex((step) => !step.isDone);
  return (
    <section class="card checklist" aria-labelledby="first-steps">
      <h2 id="first-steps">First steps</h2>
      <p class="hint">
        {String(done)} of {String(steps.length)} done
      </p>
      <ol>
        {steps.map(({ title, hint, href, isDone }, index) => (
          <li key={title} class={isDone ? 'done' : index === next ? 'next' : undefined}>
            <span class="step-mark">{isDone ? <Icon name="check" /> : String(index + 1)}</span>
            <div>
              {isDone ? (
                <p>
                  {title}
                  <span class="visually-hidden"> (done)</span>
                </p>
              ) : (
                <p>
                  <a href={href}>{title}</a>
                </p>
              )}
              <p class="hint">{hint}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
