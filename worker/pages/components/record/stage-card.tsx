import type { ShownStretch, StageRecord } from '../../../record/stages/read.ts';
import { dayKey, formatDay, formatMoment } from '../../format.ts';
import { initiatorWords, reasonsOf, stageTitle } from '../../stage-words.ts';
import { phraseOf } from '../../words.ts';
import { StageBadge } from '../stage-badge.tsx';
import type { CardProps } from './card.ts';
import { StageForm } from './stage-form.tsx';
import { When } from './when.tsx';

/** Longer words of theirs are read on the touchpoint itself. */
const MAX_WORDS = 160;
const WIDTH = 1000;

const shortened = (words: string): string => {
  const characters = [...words];
  return characters.length > MAX_WORDS ? `${characters.slice(0, MAX_WORDS).join('').trimEnd()}…` : words;
};

/** The touchpoints a change rests on, and what they said where it ended. */
function Evidence({ stretch }: { readonly stretch: ShownStretch }) {
  const said =
    stretch.stage === 'dissolution' ? stretch.evidence.flatMap(({ words }) => words ?? []).at(-1) : undefined;
  return (
    <>
      {said && (
        <blockquote class="words" dir="auto">
          {shortened(said)}
        </blockquote>
      )}
      {stretch.evidence.length > 0 && (
        <p class="event-meta">
          {stretch.evidence.map(({ id, kind, direction, at }) => (
            <a key={id} href={`/touchpoints/${id}`}>
              {phraseOf(kind, direction).replace(/:$/, '')}, {formatDay(at)}
            </a>
          ))}
        </p>
      )}
    </>
  );
}

/** `They ended it. The account was closed.` */
function Why({ stretch }: { readonly stretch: ShownStretch }) {
  // What a stage rested on was so on the day it began, and is told in the present tense: the record may say more by now.
  const because = reasonsOf(stretch);
  const reasons = because && `Then: ${because}`;
  return (
    <>
      <p>
        {initiatorWords(stretch)}
        {stretch.reason ? (
          <>
            : <span dir="auto">{stretch.reason}</span>
          </>
        ) : (
          <>. {reasons && `${reasons}.`}</>
        )}
      </p>
      <Evidence stretch={stretch} />
    </>
  );
}

/** `on 1 August`, `from 1 August to 3 May`. */
function Span({ stretch: { from, to } }: { readonly stretch: ShownStretch }) {
  const day = (ms: number) => <time dateTime={new Date(ms).toISOString()}>{formatDay(ms)}</time>;
  if (to === null) return <>since {day(from)}</>;
  return dayKey(from) === dayKey(to) ? (
    <>on {day(from)}</>
  ) : (
    <>
      from {day(from)} to {day(to)}
    </>
  );
}

/** The whole course as a strip, each stage as long as it lasted. The list below says the same. */
function Strip({ course, now }: { readonly course: readonly ShownStretch[]; readonly now: number }) {
  const first = course.at(-1)?.from ?? now;
  const unit = WIDTH / Math.max(1, now - first);
  return (
    <svg
      class="stage-strip"
      viewBox={`0 0 ${WIDTH} 10`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {course.map(({ stage, from, to }) => (
        <rect
          key={from}
          class={`stage-fill stage-fill-${stage}`}
          x={Math.round((from - first) * unit)}
          width={Math.max(1, Math.round(((to ?? now) - from) * unit))}
          height="10"
        />
      ))}
    </svg>
  );
}

function Course({ course }: { readonly course: readonly ShownStretch[] }) {
  return (
    <ol class="stage-course" aria-label="Stages, the latest first">
      {course.map((stretch) => (
        <li key={stretch.from} class={`is-${stretch.stage}`}>
          <p>
            <strong>{stageTitle(stretch.stage)}</strong>{' '}
            <span class="hint">
              <Span stretch={stretch} />
            </span>
          </p>
          <Why stretch={stretch} />
        </li>
      ))}
    </ol>
  );
}

/** What happens next, if nothing happens. */
function Next({ stages, isByHand }: { readonly stages: StageRecord; readonly isByHand: boolean }) {
  if (stages.isWaiting) return <p class="hint">Something new is not yet taken into account; this takes a minute.</p>;
  if (stages.nextAt === null) return null;
  const day = (
    <time dateTime={new Date(stages.nextAt).toISOString()} title={formatMoment(stages.nextAt)}>
      {formatDay(stages.nextAt)}
    </time>
  );
  return <p class="hint">{isByHand ? <>It stands until {day}.</> : <>If nothing happens, it changes on {day}.</>}</p>;
}

/** How far the relationship has come, since when, why, and how it got there. */
export function StageCard({ record, now }: CardProps) {
  const { stages } = record;
  const [latest, ...earlier] = stages.course;
  const isByHand = latest?.initiator === 'staff';
  return (
    <section class="card" aria-labelledby="stage">
      <h2 id="stage">Stage</h2>
      {stages.stage === null || !latest ? (
        <p class="muted">
          {stages.isWaiting
            ? 'It is being worked out; look again in a minute.'
            : 'Nobody is in a stage before they are known.'}
        </p>
      ) : (
        <>
          <p>
            <StageBadge stage={stages.stage} /> <span class="hint">since</span>{' '}
            <When record={record} ms={stages.since ?? latest.from} now={now} />
          </p>
          <Why stretch={latest} />
          <Next stages={stages} isByHand={isByHand} />
          {earlier.length > 0 && (
            <>
              <Strip course={stages.course} now={record.at ?? now} />
              <details class="more">
                <summary>How it got there</summary>
                <Course course={stages.course} />
              </details>
            </>
          )}
          {record.at === null && <StageForm id={record.id} stage={stages.stage} isByHand={isByHand} now={now} />}
        </>
      )}
    </section>
  );
}
