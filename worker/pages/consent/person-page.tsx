import type { Entry } from '../../record/consent/history.ts';
import type { Wording } from '../../record/consent/wordings.ts';
import type { CustomerRecord } from '../../record/customer.ts';
import type { Member } from '../../staff/members.ts';
import { Purposes, STATE_ICONS } from '../components/consent.tsx';
import { nameOf } from '../components/record/head.tsx';
import { formatDay, formatMoment } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { aboutWhat, type Utterance, utterancesOf } from './utterances.ts';
import { type WordForm, WordFormView } from './word-form.tsx';
import { CHANNEL_WORDS, howWeKnow, notedBy, proofLine, STATE_WORDS, SUPPRESSED_WORDS } from './words.ts';

type Props = {
  readonly record: CustomerRecord;
  readonly entries: readonly Entry[];
  /** There is more of the ledger than is shown. */
  readonly more: string | null;
  readonly wordings: readonly Wording[];
  readonly form: WordForm;
  readonly members: readonly Member[];
  readonly notice: StaffPageProps['notice'];
};

function Suppressions({ record }: Pick<Props, 'record'>) {
  const { suppressed } = record.consent;
  if (suppressed.length === 0) return null;
  return (
    <section class="card alerting" aria-labelledby="suppressed">
      <h2 id="suppressed">Not to be written to at all</h2>
      <p class="hint">
        Whoever has the address and whatever for. Take it off only when it was mended, or its owner asked.
      </p>
      <ul class="events">
        {suppressed.map(({ channel, address, reason, at, isKept }) => (
          <li key={`${channel} ${address} ${reason} ${isKept}`} class="event">
            <Icon name="alert" />
            <div class="event-body">
              <p class="event-line">
                <bdi>{address}</bdi> · {CHANNEL_WORDS[channel]}
              </p>
              <p class="event-meta">
                <span>
                  {SUPPRESSED_WORDS[reason]} on {formatDay(at)}
                </span>
                {isKept === 1 && (
                  <span>before its owner was erased: only they can take it back, by their own link</span>
                )}
              </p>
              {isKept === 0 && (
                <form method="post" action={`/customers/${record.id}/consent/lift`} class="row">
                  <input type="hidden" name="channel" value={channel} />
                  <input type="hidden" name="address" value={address} />
                  <input type="hidden" name="reason" value={reason} />
                  <button type="submit" class="quiet">
                    Write to <bdi>{address}</bdi> again
                  </button>
                </form>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

type LineProps = { readonly said: Utterance; readonly members: readonly Member[] };

function EntryLine({ said, members }: LineProps) {
  const { state, at, recordedAt, basis, sourceName, assurance, wording, proof, touchpointId } = said.entries[0];
  const shown = proofLine(proof);
  return (
    <li class="event">
      <Icon name={STATE_ICONS[state]} />
      <div class="event-body">
        <p class="event-line">
          {STATE_WORDS[state]}: {aboutWhat(said)}
        </p>
        <p class="event-meta">
          <span>{formatMoment(at)}</span>
          <span dir="auto">{notedBy(basis, proof, members) ?? howWeKnow(basis, sourceName)}</span>
          {assurance === 'claimed' && <span>a claim</span>}
          {recordedAt - at > 60_000 && <span>heard of on {formatMoment(recordedAt)}</span>}
          {wording !== null && (
            <span>
              text{' '}
              <a href="/consent">
                <bdi>{wording}</bdi>
              </a>
            </span>
          )}
          {touchpointId !== null && <a href={`/touchpoints/${touchpointId}`}>the contact that told</a>}
        </p>
        {shown !== null && (
          <p class="event-meta" dir="auto">
            {shown}
          </p>
        )}
      </div>
    </li>
  );
}

/** `GET /customers/:id/consent`: what stands, why, and every word there ever was. */
export function personConsentPage({ record, entries, more, wordings, form, members, notice }: Props) {
  return (
    <StaffPage title={`Consent of ${nameOf(record)}`} section="customers" notice={notice ?? null}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href={`/customers/${record.id}`} dir="auto">
              {nameOf(record)}
            </a>
          </p>
          <h1>Consent</h1>
        </div>
      </header>
      <Suppressions record={record} />
      <section class="card" aria-labelledby="stands">
        <h2 id="stands">What stands now</h2>
        <Purposes standing={record.consent.standing} />
        <p class="hint">
          What a source told last stands for that source. Where several differ, a refusal stands over an agreement.
        </p>
      </section>
      <WordFormView id={record.id} form={form} wordings={wordings} />
      <section aria-labelledby="ledger">
        <h2 id="ledger">Everything that was said</h2>
        {entries.length === 0 ? (
          <p class="empty">
            Nothing was said yet. It comes from shops, forms with a box for it, mails and texts, the page where people
            see their data, and from what you note above.
          </p>
        ) : (
          <ol class="events">
            {utterancesOf(entries).map((said) => (
              <EntryLine key={said.entries[0].id} said={said} members={members} />
            ))}
          </ol>
        )}
        {more !== null && (
          <p>
            <a href={`/customers/${record.id}/consent?cursor=${encodeURIComponent(more)}#ledger`}>Earlier</a>
          </p>
        )}
      </section>
    </StaffPage>
  );
}
