import { maskForShowing } from '../sources/mask.ts';

/** A kept body for the eye: as text, never as markup, its secrets masked. */

/** Longer bodies are cut; a replay uses the whole. */
const MAX_SHOWN = 200_000;

const STEP = '  ';

/**
 * Breaks the lines of a JSON text without reading its values: numbers too long for a double stay what was sent.
 * The text must be JSON.
 */
export function indentJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  let out = '';
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const isClosing = token === '}' || token === ']';
    const isEmpty = isClosing && (before === '{' || before === '[');
    if (isClosing) depth--;
    const breaksLine = (isClosing && !isEmpty) || (!isClosing && (before === '{' || before === '[' || before === ','));
    if (breaksLine) out += `\n${STEP.repeat(depth)}`;
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth++;
  }
  return out;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The fields of a form, one a line. */
const formLines = (text: string): string =>
  [...new URLSearchParams(text)].map(([name, value]) => `${name}: ${value}`).join('\n');

/** The body as readable text: JSON indented, a form's fields one a line, anything else as it came. */
export function readableBody(body: Uint8Array, contentType: string): string {
  const text = maskForShowing(new TextDecoder().decode(body), contentType);
  const readable = contentType.startsWith('application/x-www-form-urlencoded')
    ? formLines(text)
    : isJson(text)
      ? indentJson(text)
      : text;
  return readable.length > MAX_SHOWN ? `${readable.slice(0, MAX_SHOWN)}\n… cut here` : readable;
}

export function RawBody({
  body,
  headers,
}: {
  readonly body: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}) {
  if (!body) return <p class="empty">The body of this delivery is not kept any more, or never was.</p>;
  return (
    <pre class="code raw" dir="auto">
      {readableBody(body, headers['content-type'] ?? '')}
    </pre>
  );
}
