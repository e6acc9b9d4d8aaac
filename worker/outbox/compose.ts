import type { Locale } from '../../schema/survey.ts';
import { directionOf } from '../../widgets/locales/locale.ts';
import type { OutgoingMail } from '../sources/provider-mailer.ts';
import type { Letter, Line, Part } from './templates.ts';

/** A letter as a mail: the words as text and as HTML, and the headers that go with it. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** One line, as a header wants it: a line break would begin another header. */
export const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  text.replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();

function textOf(part: Part): string {
  if ('lines' in part) return part.lines.map(({ words, link }) => `- ${words}\n  ${link}`).join('\n');
  return 'link' in part ? `${part.label}:\n${part.link}` : part.words;
}

const STYLE = {
  body: 'margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif',
  link: 'display:inline-block;padding:12px 20px;border-radius:8px;background:#0f5c54;color:#ffffff;text-decoration:none',
  plain: 'word-break:break-all',
  small: 'font-size:14px',
};

const itemOf = ({ words, link }: Line): string =>
  `<li><a href="${escaped(link)}"><span dir="auto">${escaped(words)}</span></a></li>`;

function htmlOf(part: Part): string {
  if ('lines' in part) return `<ul>${part.lines.map(itemOf).join('')}</ul>`;
  if (!('link' in part)) return `<p>${escaped(part.words)}</p>`;
  const href = escaped(part.link);
  return `<p><a href="${href}" style="${STYLE.link}">${escaped(part.label)}</a></p><p style="${STYLE.small}"><a href="${href}" style="${STYLE.plain}">${href}</a></p>`;
}

/** The end of a mail that nobody asked for: how to get no more of them. */
export type Leaving = { readonly url: string; readonly words: string; readonly label: string };

export type Envelope = Pick<OutgoingMail, 'from' | 'to' | 'replyTo' | 'key'> & {
  readonly locale: Locale;
  readonly leaving: Leaving | null;
};

/** The mail. `Auto-Submitted` keeps machines from answering it. */
export function compose(letter: Letter, { locale, leaving, from, to, replyTo, key }: Envelope): OutgoingMail {
  const footText = leaving === null ? '' : `\n\n-- \n${leaving.words}\n${leaving.label}: ${leaving.url}`;
  const footHtml =
    leaving === null
      ? ''
      : `<hr><p style="${STYLE.small}">${escaped(leaving.words)} <a href="${escaped(leaving.url)}">${escaped(leaving.label)}</a></p>`;
  const dir = directionOf(locale);
  const subject = oneLine(letter.subject);
  return {
    from: { address: from.address, name: from.name === null ? null : oneLine(from.name) },
    to,
    replyTo,
    key,
    subject,
    text: `${letter.parts.map(textOf).join('\n\n')}${footText}\n`,
    html: `<!doctype html><html lang="${locale}" dir="${dir}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escaped(subject)}</title></head><body style="${STYLE.body}">${letter.parts.map(htmlOf).join('')}${footHtml}</body></html>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(leaving !== null && {
        'List-Unsubscribe': `<${leaving.url}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  };
}
