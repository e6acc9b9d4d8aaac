/**
 * Parts the new words of a mail from what it quotes. One pass over the lines with patterns that look at a bounded piece, so that
 * a mail made to be slow is not (the library for this goes back and forth for minutes over 55 KB of "2026 from <").
 */
export type Folded = {
  /** What was written anew; everything where nothing else is left. */
  readonly fresh: string;
  /** Earlier mails and the signature, null when there are none. */
  readonly quoted: string | null;
};

const MAX_TEXT = 120_000;
const MAX_LINES = 3000;
/** Attributions are wrapped by mail programs over up to three lines. */
const MAX_ATTRIBUTION_LINES = 3;
const MAX_ATTRIBUTION = 400;

/** "… wrote:" as mail programs say it: en bg pl zh ar, and the languages customers nearby write in. */
const WROTE: readonly string[] = [
  'wrote',
  'написа',
  'пише',
  'писа',
  'pisze',
  'napisał',
  '写道',
  '寫道',
  'كتب',
  'schrieb',
  'a écrit',
  'escribió',
  'scritto',
  'escreveu',
  'schreef',
  'skrev',
  'kirjoitti',
  'napsal',
  'írta',
  'a scris',
  'έγραψε',
  'yazdı',
  'пишет',
];

/** The first line of the head that Outlook and its like put over the mail they quote. */
const HEAD_FROM = /^[*\s]*(from|von|de|van|da|от|od|发件人|寄件者|من|från|fra|от кого)[*\s]{0,3}[:：]/iu;
/** The lines that follow it: when, to whom, about what. */
const HEAD_REST =
  /^[*\s]*(sent|date|to|cc|subject|изпратено|дата|до|относно|тема|кому|wysłano|data|do|dw|temat|发送时间|日期|时间|收件人|抄送|主题|傳送時間|收件者|主旨|主題|تاريخ الإرسال|التاريخ|أرسلت|إلى|نسخة|الموضوع|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|inviato|a|oggetto|verzonden|aan|onderwerp|skickat|till|ämne)[*\s]{0,3}[:：]/iu;

const SEPARATOR =
  /^[-_=*\s]{2,60}(original message|original appointment|forwarded message|reply message|оригинално съобщение|препратено съобщение|oryginalna wiadomość|wiadomość oryginalna|wiadomość przekazana|原始邮件|原始郵件|原邮件|转发的?邮件|الرسالة الأصلية|رسالة أصلية|رسالة مُعاد توجيهها|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale)[-_=*\s:]{0,60}$/iu;

/** What mail programs of telephones put under every mail. */
const ADVERT =
  /^(sent from (my|outlook|mail|yahoo|the)|get outlook for|изпратено от (моя|моето|outlook)|wysłane z|wysłano z|发自我的|从我的|來自我的|أُرسلت من|مُرسل من|تم الإرسال من|von meinem|gesendet von|envoyé de mon|enviado desde|verzonden vanaf)/iu;

const isQuote = (line: string): boolean => /^\s{0,3}[>＞]/.test(line);
const isBlank = (line: string): boolean => line.trim() === '';

/** True for "On 5 May 2026 at 17:44, Mara <mara@example.com> wrote:" in any of the languages. */
function isAttribution(text: string): boolean {
  const line = text.trim().toLowerCase();
  if (line.length > MAX_ATTRIBUTION || !/[:：]$/.test(line)) return false;
  if (!WROTE.some((verb) => line.includes(verb))) return false;
  return /[@<]/.test(line) || /\d{1,2}[:.]\d{2}|\d{4}|[٠-٩]{4}/.test(line);
}

/** How many lines from here are one attribution, 0 for none. */
function attributionAt(lines: readonly string[], at: number): number {
  let text = '';
  for (let count = 1; count <= MAX_ATTRIBUTION_LINES; count++) {
    const line = lines[at + count - 1];
    if (line === undefined || isBlank(line) || isQuote(line)) return 0;
    text = `${text} ${line.slice(0, MAX_ATTRIBUTION)}`;
    if (isAttribution(text)) return count;
  }
  return 0;
}

/** What each line could be of the head of an earlier mail: looked at once, since a hostile mail may be nothing but such lines. */
type Head = 'from' | 'rest' | null;
const headPart = (line: string): Head => {
  const start = line.slice(0, 60);
  if (!/[:：]/.test(start)) return null;
  return HEAD_FROM.test(start) ? 'from' : HEAD_REST.test(start) ? 'rest' : null;
};

/** True where the head of an earlier mail begins: a line that says from whom, and two more of such a head below it. */
const isHead = (heads: readonly Head[], at: number): boolean =>
  heads[at] === 'from' && heads.slice(at + 1, at + 8).filter((head) => head === 'rest').length >= 2;

const isRule = (line: string): boolean => /^\s*[_-]{5,}\s*$/.test(line.slice(0, 200));
/** The next line with words, looked for in the next twenty. */
function nextWords(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && at < from + 20 && isBlank(lines[at] ?? '')) at++;
  return at;
}

/** True where everything from this line on belongs to an earlier mail, or to the signature. */
function endsHere(lines: readonly string[], heads: readonly Head[], at: number): boolean {
  const line = (lines[at] ?? '').slice(0, 200);
  if (line === '-- ' || line === '--' || SEPARATOR.test(line) || isHead(heads, at)) return true;
  if (isRule(line)) return isHead(heads, at + 1) || isHead(heads, at + 2);
  return ADVERT.test(line.trim()) && lines.slice(at + 1, at + 4).every(isBlank);
}

/** Sorts the lines: `true` for those that are quoted. */
function quotedLines(lines: readonly string[]): boolean[] {
  const marks: boolean[] = new Array(lines.length).fill(false);
  const heads = lines.map(headPart);
  for (let at = 0; at < lines.length; at++) {
    if (endsHere(lines, heads, at)) return marks.fill(true, at);
    marks[at] = isQuote(lines[at] ?? '');
    const count = marks[at] ? 0 : attributionAt(lines, at);
    if (count === 0) continue;
    // Mail programs that mark no quotation quote all that follows.
    const next = nextWords(lines, at + count);
    if (!isQuote(lines[next] ?? '')) return marks.fill(true, at);
    marks.fill(true, at, next);
    at = next - 1;
  }
  return marks;
}

const joined = (lines: readonly string[]): string =>
  lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Folds a mail. What does not fit the caps is cut, never read slowly. */
export function foldQuoted(text: string): Folded {
  const lines = text.slice(0, MAX_TEXT).replaceAll('\r\n', '\n').split('\n').slice(0, MAX_LINES);
  const marks = quotedLines(lines);
  const fresh = joined(lines.filter((_, at) => !marks[at]));
  const quoted = joined(lines.filter((_, at) => marks[at]));
  // A mail that only passes another on says what it passes on.
  return fresh === '' ? { fresh: quoted, quoted: null } : { fresh, quoted: quoted === '' ? null : quoted };
}
