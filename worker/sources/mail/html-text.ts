import { Parser } from 'htmlparser2';

/**
 * The HTML of a mail as plain text: lists, line breaks and quotations kept, links with where they lead, nothing loaded and
 * nothing hidden shown. Its result is text and is shown as text.
 */
const MAX_HTML = 400_000;
const MAX_TEXT = 60_000;
const MAX_LINK = 300;
/** Nothing that people write is nested deeper; the parser's work grows with the square of it. */
const MAX_DEPTH = 300;
const STEP = 4096;

const DROPPED = new Set(
  'script style head title template noscript svg math object embed iframe frame audio video canvas map select textarea button'.split(
    ' ',
  ),
);
const BLOCKS = new Set(
  'p div tr table ul ol li h1 h2 h3 h4 h5 h6 blockquote section article header footer main aside nav form fieldset address center dl dt dd figure pre hr caption'.split(
    ' ',
  ),
);
/** With an empty line around them. */
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 blockquote table ul ol pre'.split(' '));

const HIDDEN =
  /display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|mso-hide\s{0,5}:\s{0,5}all|font-size\s{0,5}:\s{0,5}0(?:px|pt|em|%)?\s{0,5}(?:;|!|$)|opacity\s{0,5}:\s{0,5}0(?:\.0+)?\s{0,5}(?:;|!|$)/i;

type Attributes = { readonly [name: string]: string };

const isHidden = ({ style = '', hidden }: Attributes): boolean =>
  hidden !== undefined || HIDDEN.test(style.slice(0, 2000));

/** Where a link leads, if that is a place to show. */
function target(href: string | undefined): string | null {
  const link = (href ?? '').trim().slice(0, MAX_LINK);
  return /^(https?:\/\/|mailto:|tel:)/i.test(link) && !/\s/.test(link) ? link : null;
}

/** Gathers text with its line breaks; a line of a quotation begins with `>`. */
class Lines {
  private readonly parts: string[] = [];
  private length = 0;
  private breaks = 0;
  private space = false;
  private began = false;
  depth = 0;
  private lastDepth = 0;

  get isFull(): boolean {
    return this.length >= MAX_TEXT;
  }
  /** At least so many line breaks before what comes next. */
  break(count: number): void {
    this.breaks = Math.max(this.breaks, Math.min(count, 2));
    this.space = false;
  }
  /** One more line break. */
  newLine(): void {
    this.breaks = Math.min(this.breaks + 1, 2);
    this.space = false;
  }
  words(text: string): void {
    const isSpaced = /^\s/.test(text);
    const words = text.replace(/\s+/g, ' ').trim();
    if (words === '') {
      this.space ||= isSpaced && this.breaks === 0;
      return;
    }
    this.push(`${isSpaced || this.space ? ' ' : ''}${words}`);
    this.space = /\s$/.test(text);
  }
  /** Text whose spaces and lines mean something. */
  verbatim(text: string): void {
    const lines = text.split('\n').slice(0, 2000);
    lines.forEach((line, index) => {
      if (index > 0) this.newLine();
      if (line !== '') this.push(line.slice(0, 2000));
    });
  }
  push(text: string): void {
    if (this.isFull) return;
    const mark = '> '.repeat(Math.min(this.depth, 5));
    const between = '> '.repeat(Math.min(this.depth, this.lastDepth, 5)).trimEnd();
    const start = this.breaks > 0 || !this.began;
    const head = this.began ? `\n${between}`.repeat(Math.max(0, this.breaks - 1)) + (start ? '\n' : '') : '';
    const part = start ? `${head}${mark}${text.trimStart()}` : text;
    this.parts.push(part);
    this.length += part.length;
    this.breaks = 0;
    this.space = false;
    this.began = true;
    this.lastDepth = this.depth;
  }
  text(): string {
    return this.parts.join('').slice(0, MAX_TEXT).trim();
  }
  /** Text written since a mark. */
  mark(): number {
    return this.parts.length;
  }
  since(mark: number): string {
    return this.parts.slice(mark).join('');
  }
}

type Open = {
  readonly name: string;
  readonly dropped: boolean;
  readonly link: string | null;
  readonly mark: number;
  count: number;
};

class Reader {
  readonly lines = new Lines();
  private readonly stack: Open[] = [];
  private dropped = 0;
  private verbatim = 0;
  /** The lists that are open, innermost last. */
  private readonly lists: Open[] = [];

  get isDone(): boolean {
    return this.lines.isFull || this.stack.length > MAX_DEPTH;
  }
  open(name: string, attributes: Attributes): void {
    const dropped = DROPPED.has(name) || isHidden(attributes);
    const link = name === 'a' ? target(attributes.href) : null;
    const open: Open = { name, dropped, link, mark: this.lines.mark(), count: 0 };
    this.stack.push(open);
    if (dropped) this.dropped++;
    if (this.dropped === 0) this.begin(open, attributes);
  }
  private begin(open: Open, attributes: Attributes): void {
    const { name } = open;
    if (name === 'br') this.lines.newLine();
    if (BLOCKS.has(name)) this.lines.break(PARAGRAPHS.has(name) && this.lists.length === 0 ? 2 : 1);
    if (name === 'blockquote') this.lines.depth++;
    if (name === 'pre') this.verbatim++;
    if (name === 'ul' || name === 'ol') this.lists.push(open);
    if (name === 'td' || name === 'th') this.lines.words(' ');
    if (name === 'img' && attributes.alt?.trim()) this.lines.words(` [${attributes.alt.trim().slice(0, 200)}] `);
    if (name !== 'li') return;
    const list = this.lists.at(-1);
    if (list) list.count++;
    this.lines.push(list?.name === 'ol' ? `${list.count}. ` : '• ');
  }
  close(): void {
    const open = this.stack.pop();
    if (!open) return;
    if (open.dropped) this.dropped--;
    if (this.dropped > 0 || open.dropped) return;
    const { name, link } = open;
    if (link !== null && !this.lines.since(open.mark).includes(link.replace(/^(mailto|tel):/i, '')))
      this.lines.words(` <${link}>`);
    if (name === 'blockquote') this.lines.depth = Math.max(0, this.lines.depth - 1);
    if (name === 'pre') this.verbatim--;
    if (name === 'ul' || name === 'ol') this.lists.pop();
    if (BLOCKS.has(name)) this.lines.break(PARAGRAPHS.has(name) && this.lists.length === 0 ? 2 : 1);
  }
  text(text: string): void {
    if (this.dropped > 0 || this.lines.isFull) return;
    if (this.verbatim > 0) this.lines.verbatim(text);
    else this.lines.words(text);
  }
}

/** Readable text of an HTML mail; empty where it shows nothing but pictures. */
export function htmlToText(html: string): string {
  const reader = new Reader();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      onclosetag: () => reader.close(),
      ontext: (text) => reader.text(text),
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  for (let at = 0; at < Math.min(html.length, MAX_HTML) && !reader.isDone; at += STEP)
    parser.write(html.slice(at, Math.min(at + STEP, MAX_HTML)));
  parser.end();
  return reader.lines.text();
}
