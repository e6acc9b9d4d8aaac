import type { Problem } from '../platform/problem.ts';
import { problemResponse } from '../platform/problem.ts';
import { PlainPage } from './layout.tsx';
import { pageResponse } from './response.ts';

/** Programs speak to these; they are answered in problem documents whatever they say they accept. */
const PROGRAMS = /^\/(api\/|in\/|w\/|v1\/|health$)/;
/** Customers see these: no way to the staff's side is offered there. */
const VISITORS = /^\/[fsp]\//;

/** True when a person with a browser is to read the answer. */
export function wantsPage(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return !PROGRAMS.test(pathname) && (request.headers.get('accept') ?? '').includes('text/html');
}

/** A page that says what went wrong, in the words of the problem. */
export function problemPage({ status, title, detail, headers }: Problem, homeLink = true): Response {
  return pageResponse(
    <PlainPage title={title}>
      <h1>{title}</h1>
      {detail && <p>{detail}</p>}
      {homeLink && (
        <p>
          <a href="/">Go to the overview</a>
        </p>
      )}
    </PlainPage>,
    headers ? { status, headers } : { status },
  );
}

/** A problem as a page for people and as a problem document for programs. */
export const answerProblem = (request: Request, problem: Problem): Response =>
  wantsPage(request) ? problemPage(problem, !VISITORS.test(new URL(request.url).pathname)) : problemResponse(problem);

export const noSuchPage: Problem = {
  status: 404,
  code: 'not_found',
  title: 'There is no such page',
  detail: 'The address may be misspelt, or what stood here is gone.',
};

export const crossOrigin: Problem = {
  status: 403,
  code: 'cross_origin',
  title: 'Refused',
  detail: 'This came from a page of another address. Nothing was changed. Open the page here and try again.',
};
