import { Hono } from 'hono';
import type { Bindings } from '../platform/env.ts';
import { runtimeOf } from '../platform/runtime.ts';
import { noSuchPage, problemPage } from './errors.tsx';
import { importPage } from './import.tsx';
import { importsPage, newImportPage } from './imports.tsx';
import { pageResponse } from './response.ts';

/** `/imports/*`. The rows themselves go to the API. */
export const importRoutes = new Hono<{ Bindings: Bindings }>()
  .get('/imports', async (c) => {
    const page = await importsPage(runtimeOf(c.env), new URL(c.req.url).searchParams);
    return page ? pageResponse(page) : problemPage(noSuchPage);
  })
  .get('/imports/new', async (c) => pageResponse(await newImportPage(runtimeOf(c.env))))
  .get('/imports/:id', async (c) => {
    const page = await importPage(runtimeOf(c.env), c.req.param('id'));
    return page ? pageResponse(page) : problemPage(noSuchPage);
  });
