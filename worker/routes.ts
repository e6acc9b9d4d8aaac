import { Hono } from 'hono';
import { api } from './api/index.ts';
import { nudge } from './minute.ts';
import { development } from './pages/development.tsx';
import { answerProblem, noSuchPage, wantsPage } from './pages/errors.tsx';
import { publicPages } from './pages/public.tsx';
import { staffPages } from './pages/staff.tsx';
import { DatabaseBusy, isDatabaseTrouble } from './platform/database.ts';
import type { Bindings } from './platform/env.ts';
import { health } from './platform/health.ts';
import { logError } from './platform/log.ts';
import { ensureMigrated, NewerDatabase } from './platform/migrate.ts';
import { busy, notFound, type Problem, problemResponse } from './platform/problem.ts';
import { doors, readableByAnyPage } from './sources/doors.ts';
import { trackingApi } from './sources/segment/door.ts';
import { snippet } from './sources/snippet.ts';

const newer: Problem = {
  status: 503,
  code: 'database_newer',
  title: 'The database is from a newer version',
  detail: 'Deploy the newer version again; this one must not touch its data.',
};

/** What a surprise looks like from outside: an id to quote, nothing of what went wrong. */
const surprise = (id: string): Problem => ({
  status: 500,
  code: 'unexpected',
  title: 'Something went wrong here',
  detail: `It was logged as ${id}. Try again; if it stays, quote this id.`,
});

/** Every URL the worker answers. */
export function createApp(): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();

  app.onError((error, c) => {
    if (error instanceof NewerDatabase) return answerProblem(c.req.raw, newer);
    if (error instanceof DatabaseBusy || isDatabaseTrouble(error)) return answerProblem(c.req.raw, busy);
    return answerProblem(c.req.raw, surprise(logError(error)));
  });
  app.notFound((c) =>
    wantsPage(c.req.raw) ? answerProblem(c.req.raw, noSuchPage) : problemResponse(notFound('page')),
  );

  app.route('/', health); //        /health
  app.use('/w/*', readableByAnyPage);
  app.use('/v1/*', readableByAnyPage);
  app.use(async (c, next) => {
    await ensureMigrated(c.env.DB);
    await next();
  });
  // After something came in, or staff asked for work to be done, the followers of the log are nudged. A hint only: cron reads the log whether or not this runs.
  app.on(
    'POST',
    [
      '/in/*',
      '/w/*',
      '/f/*',
      '/s/*',
      '/v1/*',
      '/sources/*',
      '/api/v1/sources/*',
      '/mail/*',
      '/api/v1/mails/*',
      '/p',
      '/p/*',
      '/customers/:id/preference-link',
      '/api/v1/customers/:id/preference-link',
    ],
    async (c, next) => {
      await next();
      if (c.res.ok || c.res.status === 303) c.executionCtx.waitUntil(nudge(c.env));
    },
  );

  app.route('/', doors); //         /in/:key  /w/:key/in
  app.route('/', trackingApi); //   /v1/:call  /v1/projects/:key/settings
  app.route('/', snippet); //       /w/:key.js
  app.route('/', publicPages()); // /f/:key  /s/:token  /p/:token
  app.route('/', api()); //         /api/v1/*  /api/openapi.json
  if (__DEV__) app.route('/', development()); // /demo/*
  app.route('/', staffPages()); //  /  /customers  /sources  /sign-in  /api …
  return app;
}
