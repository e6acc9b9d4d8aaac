import type { MailLine } from '../../outbox/mails.ts';
import type { MailSettings, Misfits, Possible } from '../../outbox/settings.ts';
import type { Source } from '../../sources/store.ts';
import { Hint } from '../components/fields.tsx';
import { Ago } from '../components/time.tsx';
import { Icon } from '../icons.tsx';
import { StaffPage, type StaffPageProps } from '../layout.tsx';

export type MailPage = {
  readonly settings: MailSettings;
  readonly possible: readonly Possible[];
  readonly mailboxes: readonly Source[];
  readonly misfits: Misfits;
  /** What goes out now; null while nothing can. */
  readonly way: { readonly title: string; readonly address: string } | null;
  /** The development build, while no way is chosen: mails are kept here. */
  readonly isKept: boolean;
  readonly mails: readonly MailLine[];
  readonly test: { readonly typed: string; readonly fault: string | null };
  readonly notice: StaffPageProps['notice'];
  readonly now: number;
};

/** What no way means in the development build. */
const Nowhere = () => <>Nowhere: kept here and shown at /demo/mail (development)</>;

const sentence = (words: string | undefined): string | null => (words ? `It ${words}.` : null);

function WayChoice({ one, settings }: { readonly one: Possible; readonly settings: MailSettings }) {
  const { id, title, isReady, source } = one;
  return (
    <li>
      <label class="check">
        <input type="radio" name="way" value={id} checked={settings.way === id} disabled={!isReady} />{' '}
        <span dir="auto">{title}</span>
      </label>
      {!isReady && source && (
        <p class="hint">
          <a href={`/sources/${source.publicId}#access`}>Add the key it takes to send</a>
        </p>
      )}
      {!isReady && !source && (
        <p class="hint">Take the marks off the lines of send_email in wrangler.toml and deploy, to have it here.</p>
      )}
    </li>
  );
}

function Ways({ settings, possible, misfits }: Pick<MailPage, 'settings' | 'possible' | 'misfits'>) {
  const fault = sentence(misfits.way);
  return (
    <fieldset class="plain-fieldset" aria-describedby={fault ? 'way-fault' : 'way-hint'}>
      <legend class="visually-hidden">How mails go out</legend>
      <ul class="choices">
        <li>
          <label class="check">
            <input type="radio" name="way" value="none" checked={settings.way === 'none'} /> {__DEV__ && <Nowhere />}
            {!__DEV__ && 'Not at all'}
          </label>
        </li>
        {possible.map((one) => (
          <WayChoice key={one.id} one={one} settings={settings} />
        ))}
      </ul>
      <Hint
        name="way"
        label="How mails go out"
        hint="Postmark, SendGrid, Mailgun and Resend can send once they are added as a source."
        fault={fault}
      />
    </fieldset>
  );
}

function Answers({ settings, mailboxes, misfits }: Pick<MailPage, 'settings' | 'mailboxes' | 'misfits'>) {
  return (
    <div class="field">
      <label for="answersTo">Answers go to</label>
      <select id="answersTo" name="answersTo" aria-describedby="answersTo-hint">
        <option value="" selected={settings.answersTo === null}>
          The address mails are from
        </option>
        {mailboxes.map(({ publicId, name, settings: { address } }) => (
          <option key={publicId} value={publicId} selected={settings.answersTo === publicId}>
            {`${name}: an address for each person, reply+…@${String(address).split('@')[1]}`}
          </option>
        ))}
      </select>
      <Hint
        name="answersTo"
        label="Answers go to"
        hint="By an address of each person’s own, an answer finds its record whoever it is written by. In Email Routing the address “reply” must lead to the worker, with subaddressing on, or answers come back to their writers."
        fault={sentence(misfits.answersTo)}
      />
    </div>
  );
}

function SettingsCard({ settings, possible, mailboxes, misfits }: MailPage) {
  const fault = sentence(misfits.address);
  return (
    <section class="card" aria-labelledby="settings">
      <h2 id="settings">How mails go out</h2>
      <form method="post" action="/mail" class="stack">
        <Ways settings={settings} possible={possible} misfits={misfits} />
        <div class="field">
          <label for="address">From</label>
          <input
            id="address"
            name="address"
            type="email"
            autocomplete="off"
            maxLength={254}
            value={settings.address ?? ''}
            aria-invalid={fault ? 'true' : undefined}
            aria-describedby={fault ? 'address-fault' : 'address-hint'}
          />
          <Hint
            name="address"
            label="From"
            hint="An address of your domain that whoever sends has verified. The name before it stands on Privacy."
            fault={fault}
          />
        </div>
        <Answers settings={settings} mailboxes={mailboxes} misfits={misfits} />
        <button type="submit">Save</button>
      </form>
    </section>
  );
}

const KeptHere = () => (
  <p>
    No mail leaves this development build: what would go out is shown at <a href="/demo/mail">/demo/mail</a>.
  </p>
);

function TestCard({ way, isKept, test }: MailPage) {
  if (!way)
    return (
      <section class="card" aria-labelledby="test">
        <h2 id="test">Try it</h2>
        <p class="hint">Once mails can go out, a test can be sent here.</p>
      </section>
    );
  return (
    <section class="card" aria-labelledby="test">
      <h2 id="test">Try it</h2>
      {__DEV__ && isKept && <KeptHere />}
      {!isKept && (
        <p>
          Mails go out by <strong dir="auto">{way.title}</strong>, from <span dir="ltr">{way.address}</span>.
        </p>
      )}
      <form method="post" action="/mail/test" class="stack">
        <div class="field">
          <label for="to">Send a test to</label>
          <input
            id="to"
            name="to"
            type="email"
            autocomplete="email"
            required
            maxLength={254}
            value={test.typed}
            aria-invalid={test.fault ? 'true' : undefined}
            aria-describedby={test.fault ? 'to-fault' : 'to-hint'}
          />
          <Hint name="to" label="Send a test to" hint="It is forgotten once the mail is sent." fault={test.fault} />
        </div>
        <button type="submit" class="quiet">
          Send a test
        </button>
      </form>
    </section>
  );
}

const TEMPLATE_WORDS: Readonly<Record<string, string>> = {
  preference_link: 'Link to their own data',
  confirm_code: 'Code to confirm an address',
  test: 'Test',
  digest: 'What is new, each morning',
};
const MADE_BY: Readonly<Record<string, string>> = { person: 'asked for', staff: 'sent by staff', system: 'by itself' };

/** Whom it went to: by name where that is known. The address itself is kept no longer than it takes to send. */
function Whom({ mail: { template, madeBy, customerId, customerName } }: { readonly mail: MailLine }) {
  if (customerId)
    return (
      <span>
        to{' '}
        <a href={`/customers/${customerId}`}>
          <bdi>{customerName ?? 'a person without a name'}</bdi>
        </a>
      </span>
    );
  if (template === 'digest') return <span>to a member of the team</span>;
  if (template === 'test') return <span>to the address typed here</span>;
  return <span>{madeBy === 'person' ? 'to a person who asked' : 'to a person who is not on record'}</span>;
}

function Line({ mail, now }: { readonly mail: MailLine; readonly now: number }) {
  const { template, madeBy, createdAt, state, reason } = mail;
  const [tone, word] =
    state === 'sent' ? ['good', 'Sent'] : state === 'waiting' ? ['quiet', 'Waiting'] : ['bad', 'Not sent'];
  return (
    <li>
      <div>
        <p class="delivery-head">
          <span class={`status status-${tone}`}>{word}</span> <strong>{TEMPLATE_WORDS[template] ?? template}</strong>
        </p>
        {reason && (
          <p class="hint" dir="auto">
            {reason}
          </p>
        )}
        <p class="event-meta">
          <Whom mail={mail} />
          <span>{MADE_BY[madeBy] ?? madeBy}</span>
          <Ago ms={createdAt} now={now} />
        </p>
      </div>
    </li>
  );
}

/** `GET /mail`: by which way mails go out, a test, and what became of the latest. */
export function mailPage(page: MailPage) {
  const { mails, notice, now, way } = page;
  return (
    <StaffPage title="Outgoing mail" section="mail" notice={notice ?? null}>
      <header class="page-head">
        <h1>Outgoing mail</h1>
      </header>
      {!way && (
        <p class="empty">
          <Icon name="mail" /> Nothing can be sent yet. Choose how mails go out: until then the page where people ask
          for their data says whom to write to.
        </p>
      )}
      <div class="columns">
        <div class="columns-main">
          <SettingsCard {...page} />
          <section aria-labelledby="latest">
            <h2 id="latest">Latest mails</h2>
            {mails.length === 0 ? (
              <p class="empty">
                No mail has gone out yet. People ask for one at <a href="/p">/p</a>, and a record has “Send a preference
                link”.
              </p>
            ) : (
              <ul class="deliveries">
                {mails.map((mail) => (
                  <Line key={mail.id} mail={mail} now={now} />
                ))}
              </ul>
            )}
          </section>
        </div>
        <div class="columns-side">
          <TestCard {...page} />
        </div>
      </div>
    </StaffPage>
  );
}
