/** A problem document (RFC 9457): what went wrong in a word for programs (`code`) and a sentence for people (`detail`). */
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  /** What does not fit, field by field. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly headers?: Record<string, string>;
};

/** The response of a problem. Never cached: the next try may succeed. */
export function problemResponse({ headers, ...problem }: Problem): Response {
  return new Response(JSON.stringify({ type: 'about:blank', ...problem }), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}

export const notFound = (what: string): Problem => ({ status: 404, code: 'not_found', title: `No such ${what}` });

export const invalid = (
  errors: Problem['errors'] & {},
  detail = 'Mend the fields named and send it again.',
): Problem => ({
  status: 422,
  code: 'invalid',
  title: 'Some fields do not fit',
  detail,
  errors,
});

/** A question with parameters that nobody reads: what it means to narrow would be answered in full. */
export const unknownParameter = (unknown: readonly string[], known: readonly string[]): Problem => ({
  status: 400,
  code: 'unknown_parameter',
  title: 'There is no such parameter',
  detail: known.length > 0 ? `Known here: ${known.join(', ')}.` : 'No parameters are read here.',
  errors: unknown.map((name) => ({ path: `query.${name}`, message: 'is not read here' })),
});

export const busy: Problem = {
  status: 503,
  code: 'busy',
  title: 'The database is busy',
  detail: 'Nothing was stored. Send the same request again; it will be stored once.',
  headers: { 'retry-after': '5' },
};

export const tooLarge = (limit: number): Problem => ({
  status: 413,
  code: 'too_large',
  title: 'The body is too large',
  detail: `Send at most ${limit} bytes.`,
});
