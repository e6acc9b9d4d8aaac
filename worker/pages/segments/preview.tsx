import type { CustomerItem } from '../../record/customers.ts';
import type { Count } from '../../record/segments/count.ts';
import { MAX_ASKED } from '../../record/segments/count.ts';
import type { RuleError } from '../../record/segments/fault.ts';
import { Avatar } from '../components/avatar.tsx';
import { Ago } from '../components/time.tsx';
import { formatCount, formatShare, plural } from '../format.ts';

/** What a rule comes to: how many, of whom, and some of them. */
export type Preview = {
  readonly count: Count;
  readonly sample: readonly CustomerItem[];
  /** Where all of them are listed. */
  readonly path: string;
};

/** `42 customers, 3% of 1,204`. */
export const countWords = ({ count, asked, isWhole }: Count): string => {
  const share = asked > 0 ? `, ${formatShare(count / asked)} of ${formatCount(asked)}` : '';
  return `${plural(count, 'customer')}${share}${isWhole ? '' : ' heard of latest'}`;
};

/** The rule with the place that is wrong marked, and what would be right. */
export function RuleFault({ rule, fault }: { readonly rule: string; readonly fault: RuleError }) {
  const { from, to, message } = fault;
  return (
    <>
      <p class="fault">{message}</p>
      {to > from && (from > 0 || to < rule.length) && (
        <p class="rule-place mono" dir="ltr">
          {rule.slice(0, from)}
          <mark>{rule.slice(from, to)}</mark>
          {rule.slice(to)}
        </p>
      )}
    </>
  );
}

function Sample({ sample, now }: { readonly sample: readonly CustomerItem[]; readonly now: number }) {
  return (
    <ul class="sample">
      {sample.map(({ id, displayName, contact, stats }) => (
        <li key={id} class="person">
          <Avatar id={id} name={displayName} />
          <span class="person-words">
            <a href={`/customers/${id}`} dir="auto">
              {displayName ?? 'No name yet'}
            </a>
            {contact !== null && contact !== displayName && <span class="muted person-contact">{contact}</span>}
            <span class="muted person-contact">
              {stats.lastTouchpointAt === null ? 'no contact yet' : <Ago ms={stats.lastTouchpointAt} now={now} />}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Who belongs to it now. Each part is put in anew by the island as the rule is written. */
export function PreviewCard({ preview, now }: { readonly preview: Preview | null; readonly now: number }) {
  return (
    <section class="card stack" aria-labelledby="members">
      <h2 id="members">Who belongs to it now</h2>
      <p role="status" class="segment-count" data-live="count">
        {preview ? countWords(preview.count) : 'Write a rule and count: what it finds shows here.'}
      </p>
      <div data-live="sample">
        {preview && preview.sample.length > 0 && (
          <>
            <Sample sample={preview.sample} now={now} />
            <p>
              <a href={preview.path}>Show them all</a>
            </p>
          </>
        )}
        {preview && !preview.count.isWhole && (
          <p class="hint">Only the {formatCount(MAX_ASKED)} customers heard of latest are counted.</p>
        )}
      </div>
    </section>
  );
}
