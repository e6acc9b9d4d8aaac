import { questionKinds } from '../../../schema/questions.gen.ts';
import type { Order } from '../../record/customer.ts';
import type { Speech } from '../public/locale.ts';
import type { CentreProps } from './centre.ts';
import { Fact, Part } from './parts.tsx';
import { countIn, dayIn, languageIn, moneyIn, regionIn } from './speech.ts';

/** What a person is shown of what is kept about them: who they are, what happened, what they bought, answered and wrote. */

/** Orders that stand open, and with those that are folded; the download has all. */
const OPEN = 5;
const SHOWN = 20;
/** Characters of a message; the download has the rest. */
const MOST_WORDS = 600;
/** `survey:recommend`: what a message belongs to, for programs. */
const IS_NUMBERED = /^[a-z_]+:\S+$/;

export function Who({ frame: { speech }, page: { record } }: CentreProps) {
  const { text, locale } = speech;
  const { displayName, identifiers, profile } = record;
  const { organisations } = record.groups;
  const country = profile.country && regionIn(locale, profile.country.value);
  const place = [profile.city?.value, country].filter(Boolean).join(', ');
  const addresses = (kind: string) => [
    ...new Map(identifiers.filter((one) => one.kind === kind).map((one) => [one.value, one])).values(),
  ];
  const listed = [...addresses('email'), ...addresses('phone')];
  const isNobody = !displayName && listed.length === 0 && !place && !profile.language && organisations.length === 0;
  if (isNobody) return <p>{text('who.none')}</p>;
  return (
    <dl class="preferences-facts">
      {displayName && <Fact label={text('who.name')}>{displayName}</Fact>}
      {listed.map(({ kind, value, assurance }) => (
        <Fact key={value} label={text(`who.${kind}`)}>
          {value}
          {assurance === 'claimed' && <span class="preferences-aside"> ({text('who.claimed')})</span>}
        </Fact>
      ))}
      {profile.company && <Fact label={text('who.company')}>{profile.company.value}</Fact>}
      {place && <Fact label={text('who.place')}>{place}</Fact>}
      {profile.language && <Fact label={text('who.language')}>{languageIn(locale, profile.language.value)}</Fact>}
      {organisations.map(({ id, name, role }) => (
        <Fact key={id} label={text('who.organisation')}>
          {[name, role].filter(Boolean).join(', ')}
        </Fact>
      ))}
    </dl>
  );
}

export function What({ frame: { speech }, page: { record } }: CentreProps) {
  const { text, locale } = speech;
  const { touchpoints, orders, firstTouchpointAt, lastTouchpointAt } = record.stats;
  return (
    <dl class="preferences-facts">
      <Fact label={text('what.contacts')}>{countIn(locale, touchpoints)}</Fact>
      <Fact label={text('what.orders')}>{countIn(locale, orders)}</Fact>
      {firstTouchpointAt !== null && <Fact label={text('what.first')}>{dayIn(locale, firstTouchpointAt)}</Fact>}
      {lastTouchpointAt !== null && <Fact label={text('what.last')}>{dayIn(locale, lastTouchpointAt)}</Fact>}
    </dl>
  );
}

type OrderProps = { readonly order: Order; readonly speech: Speech };

function OrderLine({ order: { id, number, placedAt, total, refunded, lines }, speech: { text, locale } }: OrderProps) {
  const [before, after] = text('bought.order', { number: '\u0000' }).split('\u0000');
  return (
    <li>
      <p>
        <strong>
          {before}
          <bdi dir="ltr">{number ?? id}</bdi>
          {after}
        </strong>
        {placedAt !== null && <span class="preferences-aside"> {dayIn(locale, placedAt)}</span>}
        {total && <span> · {moneyIn(locale, total)}</span>}
        {refunded && <span> · {text('bought.refunded', { amount: moneyIn(locale, refunded) })}</span>}
      </p>
      <p class="preferences-aside">
        <bdi>{lines.map(({ title }) => title).join(', ')}</bdi>
      </p>
    </li>
  );
}

export function Bought({ frame: { speech }, page: { record } }: CentreProps) {
  const { text } = speech;
  const { orders } = record;
  const list = (shown: readonly Order[]) => (
    <ul class="preferences-list">
      {shown.map((order) => (
        <OrderLine key={order.id} order={order} speech={speech} />
      ))}
    </ul>
  );
  if (orders.length === 0) return null;
  return (
    <Part id="bought" title={text('bought.title')}>
      {list(orders.slice(0, OPEN))}
      {orders.length > OPEN && (
        <details class="preferences-more">
          <summary>{text('bought.earlier')}</summary>
          {list(orders.slice(OPEN, SHOWN))}
          {orders.length > SHOWN && <p class="preferences-aside">{text('more')}</p>}
        </details>
      )}
    </Part>
  );
}

export function Said({ frame: { speech }, page: { record } }: CentreProps) {
  const { text, locale } = speech;
  if (record.scores.length === 0) return null;
  return (
    <Part id="said" title={text('said.title')}>
      <ul class="preferences-list">
        {record.scores.map(({ kind, score, answeredAt }) => {
          const max = questionKinds.find((one) => one.kind === kind)?.scale?.max;
          return (
            <li key={kind}>
              <p>
                {text(`${kind}.question`)}{' '}
                <strong>{max === undefined ? score : text('said.score', { score, max })}</strong>
                <span class="preferences-aside"> {dayIn(locale, answeredAt)}</span>
              </p>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

const shortened = (text: string): string =>
  text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS).toWellFormed().trimEnd()}…` : text;

export function Words({
  frame: { speech },
  page: {
    record: { words },
  },
}: CentreProps) {
  const { text, locale } = speech;
  if (words.length === 0) return null;
  return (
    <Part id="words" title={text('words.title')}>
      <details class="preferences-more">
        <summary>{text('words.open')}</summary>
        <ul class="preferences-list">
          {words.map(({ seq, at, subject, text: written }) => (
            <li key={seq}>
              <p class="preferences-aside">{dayIn(locale, at)}</p>
              {subject && !IS_NUMBERED.test(subject) && (
                <p dir="auto">
                  <strong>{subject}</strong>
                </p>
              )}
              <p class="preferences-words" dir="auto">
                {shortened(written)}
              </p>
            </li>
          ))}
        </ul>
        <p class="preferences-aside">{text('more')}</p>
      </details>
    </Part>
  );
}
