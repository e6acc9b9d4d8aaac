import type { NamedMention } from '../../record/erasure/mentions.ts';
import type { Plan } from '../../record/erasure/plan.ts';
import { reasonWords, STAFF_REASONS } from '../../record/erasure/reasons.ts';
import { plural } from '../format.ts';
import { StaffPage } from '../layout.tsx';
import { MentionList } from './mention-list.tsx';

/** The word that is typed to mean it. */
export const CONFIRMATION = 'erase';

export type EraseForm = { readonly reason: string; readonly fault: string | null };
type Props = {
  readonly id: string;
  readonly name: string | null;
  readonly plan: Plan;
  readonly mentions: readonly NamedMention[];
  readonly form: EraseForm;
};

function Goes({ plan }: { readonly plan: Plan }) {
  const files = plan.files.length;
  return (
    <section class="card" aria-labelledby="goes">
      <h2 id="goes">What goes</h2>
      <ul class="arguments">
        <li>Names, addresses, numbers and everything else that says who this is, also from search</li>
        <li>
          What was said in {plural(plan.messages.length, 'contact')}: texts, subjects and details
          {files > 0 && `, with ${plural(files, 'file')}`}
        </li>
        <li>The raw deliveries that brought any of it, and kept ones that mention them</li>
        <li>Lines and numbers of {plural(plan.orders.length, 'order')}</li>
        <li>Open matters, and decisions on who they are</li>
      </ul>
    </section>
  );
}

function Stays() {
  return (
    <section class="card" aria-labelledby="stays">
      <h2 id="stays">What stays</h2>
      <ul class="arguments">
        <li>Figures without a name: that a contact took place, when and how; scores; amounts of orders</li>
        <li>A keyed hash of their addresses, so that old messages sent again do not bring them back</li>
        <li>
          That an address of theirs must not be written to, if they refused or it bounced, as a keyed hash: only they
          can take it back
        </li>
        <li>A certificate that says when and why, and not whom</li>
        <li>What you wrote elsewhere that names them: it is listed here and on the certificate for you to look at</li>
        <li>
          Copies elsewhere: in your shop and other tools, in files you have downloaded, and for up to 30 days in the
          database’s own backups
        </li>
        <li>If they order or write again later, a new record begins with what is new</li>
      </ul>
    </section>
  );
}

function Others({ plan }: { readonly plan: Plan }) {
  if (plan.along.length === 0 && plan.claimants.length === 0) return null;
  const claimants = [...new Map(plan.claimants.map((other) => [other.customerId, other])).values()];
  const list = (others: readonly { publicId: string; displayName: string | null }[], what: string) =>
    others.map(({ publicId, displayName }) => (
      <li key={publicId}>
        <a href={`/customers/${publicId}`} dir="auto">
          {displayName ?? 'Somebody without a name'}
        </a>{' '}
        {what}
      </li>
    ));
  return (
    <section class="card" aria-labelledby="others">
      <h2 id="others">Other records that name the same address</h2>
      <ul class="arguments">
        {list(plan.along, 'is erased along: nothing else says who it is')}
        {list(claimants, 'stays, without that address')}
      </ul>
    </section>
  );
}

/** `GET /customers/:id/erase`: what goes, what stays, and the word that is typed to mean it. */
export function erasePage({ id, name, plan, mentions, form }: Props) {
  const shown = name ?? 'No name yet';
  return (
    <StaffPage title={`Erase ${shown}`} section="customers">
      <header class="page-head">
        <div>
          <p class="label">
            <a href={`/customers/${id}`} dir="auto">
              {shown}
            </a>
          </p>
          <h1>Erase this person</h1>
        </div>
      </header>
      <div class="pair">
        <Goes plan={plan} />
        <Stays />
      </div>
      <Others plan={plan} />
      <MentionList
        mentions={mentions}
        lead="Staff wrote this, and it seems to name them. It stays as it is; change what should not stay."
      />
      <form method="post" class="card log" aria-labelledby="decide">
        <h2 id="decide">This cannot be undone</h2>
        <div class="field">
          <label for="reason">Why</label>
          <select id="reason" name="reason">
            {STAFF_REASONS.map((reason) => (
              <option key={reason} value={reason} selected={reason === form.reason}>
                {reasonWords(reason)}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="confirmation">Type “{CONFIRMATION}” to go on</label>
          <input
            id="confirmation"
            name="confirmation"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            aria-invalid={form.fault ? 'true' : undefined}
            aria-describedby={form.fault ? 'confirmation-fault' : 'confirmation-hint'}
          />
          {form.fault ? (
            <p class="fault" id="confirmation-fault" role="alert">
              {form.fault}
            </p>
          ) : (
            <p class="hint" id="confirmation-hint">
              Want to hand them their data first? <a href={`/customers/${id}/export`}>Download all of it</a>.
            </p>
          )}
        </div>
        <div class="row">
          <button type="submit" class="danger">
            Erase for good
          </button>
        </div>
      </form>
    </StaffPage>
  );
}
