import { Hono } from 'hono';
import type { Bindings } from '../platform/env.ts';
export const publicPages = () => new Hono<{ Bindings: Bindings }>();
