import type { Business } from '../../outbox/business.ts';
import type { SourceErasure } from '../../reactions/source-erasures.ts';
import type { Certificate } from '../../record/erasure/certificate.ts';
import type { NamedMention } from '../../record/erasure/mentions.ts';
import { reasonWords } from '../../record/erasure/reasons.ts';
import { formatCount, formatMoment, plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';
import { AskedList, type GraceForm } from './asked-list.tsx';
import { MentionList } from './mention-list.tsx';
import { type RetentionForm, RetentionRules } from './retention-form.tsx';

function CertificateLine({ certificate }: { readonly certificate: Certificate }) {
  const { id, reason, erasedAt, people, sweptAt } = certificate;
  return (
    <li class="event">
      <Icon name="shield" />
      <div class="event-body">
        <p class="event-line">
          <a href={`/privacy/erasures/${id}`}>{plural(people, 'record')} erased</a>
        </p>
        <p class="event-meta">
          <span>{formatMoment(erasedAt)}</span>
          <span>{reasonWords(reason)}</span>
          {sweptAt === null && <span>kept bodies are still being searched</span>}
        </p>
      </div>
    </li>
  );
}

/** Who the business is, as people read it in mails and on the page where they see their data. */
function WhoWeAre({ business }: { readonly business: Pick<Business, 'name' | 'contact'> }) {
  return (
    <form method="post" action="/privacy/business" class="card log" aria-labelledby="business">
      <h2 id="business">Your business, as people see it</h2>
      <p class="hint">
        People see and decide what you keep of them at <a href="/p">/p</a>: link to it from your privacy statement.
      </p>
      <div class="field">
        <label for="name">Name</label>
        <input
          id="name"
          name="name"
          autocomplete="organization"
          maxLength={100}
          value={business.name ?? ''}
          aria-describedby="name-hint"
        />
        <p class="hint" id="name-hint">
          Stands on that page, and before the address in mails.
        </p>
      </div>
      <div class="field">
        <label for="contact">Whom to write to</label>
        <input
          id="contact"
          name="contact"
          autocomplete="off"
          maxLength={300}
          value={business.contact ?? ''}
          aria-describedby="contact-hint"
        />
        <p class="hint" id="contact-hint">
          A mail address or a page, for questions about their data, and for asking while no mail can be sent.
        </p>
      </div>
      <button type="submit">Save</button>
    </form>
  );
}

type Props = {
  readonly business: Pick<Business, 'name' | 'contact'>;
  readonly form: RetentionForm;
  readonly certificates: readonly Certificate[];
  /** Addresses of the erased that must not be written to. */
  readonly kept: number;
  readonly asked: readonly SourceErasure[];
  readonly grace: GraceForm;
  readonly notice: StaffPageProps['notice'];
};

/** `GET /privacy`: how long people are kept, and who was erased, without names. */
export function privacyPage({ business, form, certificates, kept, asked, grace, notice }: Props) {
  return (
    <StaffPage title="Privacy" section="privacy" notice={notice ?? null}>
      <header class="page-head">
        <h1>Privacy</h1>
      </header>
      <WhoWeAre business={business} />
      <RetentionRules form={form} />
      <AskedList asked={asked} form={grace} />
      <section aria-labelledby="erasures">
        <h2 id="erasures">Erasures</h2>
        {kept > 0 && (
          <p class="hint">
            {plural(kept, 'address', 'addresses')} of people who were erased must not be written to: they had refused,
            complained or bounced. Kept as keyed hashes that name nobody, until the person agrees again by a link of
            their own.
          </p>
        )}
        {certificates.length === 0 ? (
          <p class="empty">
            Nobody was erased yet. To erase somebody, open their record and follow “Erase this person”. A shop that asks
            for it is obeyed by itself.
          </p>
        ) : (
          <ul class="events">
            {certificates.map((certificate) => (
              <CertificateLine key={certificate.id} certificate={certificate} />
            ))}
          </ul>
        )}
      </section>
    </StaffPage>
  );
}

/** `GET /privacy/erasures/:id`: one certificate. */
export function certificatePage(
  certificate: Certificate,
  mentions: readonly NamedMention[],
  notice: StaffPageProps['notice'],
) {
  const { id, reason, erasedAt, people, removed, keptRefusals, sweptAt } = certificate;
  return (
    <StaffPage title="Certificate of erasure" section="privacy" notice={notice ?? null}>
      <header class="page-head">
        <div>
          <p class="label">
            <a href="/privacy">Privacy</a>
          </p>
          <h1>Certificate of erasure</h1>
        </div>
      </header>
      <dl class="facts card">
        <div>
          <dt>Number</dt>
          <dd>{id}</dd>
        </div>
        <div>
          <dt>When</dt>
          <dd>{formatMoment(erasedAt)}</dd>
        </div>
        <div>
          <dt>Why</dt>
          <dd>{reasonWords(reason)}</dd>
        </div>
        <div>
          <dt>Records</dt>
          <dd>{formatCount(people)}</dd>
        </div>
        {removed.map(({ table, what, rows }) => (
          <div key={table}>
            <dt>{what.charAt(0).toUpperCase() + what.slice(1)}</dt>
            <dd>{formatCount(rows)} removed or made anonymous</dd>
          </div>
        ))}
        {keptRefusals > 0 && (
          <div>
            <dt>Kept</dt>
            <dd>That this address must not be written to, as a keyed hash ({plural(keptRefusals, 'refusal')})</dd>
          </div>
        )}
        <div>
          <dt>Kept bodies</dt>
          <dd>
            {sweptAt === null
              ? 'Still being searched; this goes on by itself.'
              : `Searched by ${formatMoment(sweptAt)}`}
          </dd>
        </div>
      </dl>
      <MentionList
        mentions={mentions}
        lead="Staff wrote this, and it seemed to name who was erased. Nothing of it was taken away; change what should not stay."
      />
    </StaffPage>
  );
}
