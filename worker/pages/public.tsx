import { Hono } from 'hono';
import { DatabaseBusy, isDatabaseTrouble } from '../platform/database.ts';
import type { Bindings } from '../platform/env.ts';
import { logError } from '../platform/log.ts';
import { preferenceRoutes } from './preferences/routes.ts';
import { confirmRoutes } from './public/confirm-routes.ts';
import { formRoutes } from './public/form-routes.ts';
import { speechFor, wishesOf } from './public/locale.ts';
import { messagePage } from './public/message-page.tsx';
import { storageRoutes } from './public/storage-page.tsx';
import { surveyRoutes } from './public/survey-routes.ts';

/** Pages that visitors see: what became of a form, and hosted surveys. */
export function publicPages(): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();
  app.onError((error, c) => {
    // Programs are answered in problem documents, further out.
    if (!(c.req.header('accept') ?? '').includes('text/html')) throw error;
    const isBusy = error instanceof DatabaseBusy || isDatabaseTrouble(error);
    if (!isBusy) logError(error);
    const speech = speechFor(wishesOf(c.req.header('accept-language')));
    const heading = speech.text('page.retry');
    return messagePage(
      isBusy ? { speech, heading, status: 503, headers: { 'retry-after': '5' } } : { speech, heading, status: 500 },
    );
  });
  app.route('/', formRoutes);
  app.route('/', surveyRoutes);
  app.route('/', storageRoutes);
  app.route('/', confirmRoutes);
  app.route('/', preferenceRoutes);
  return app;
}
