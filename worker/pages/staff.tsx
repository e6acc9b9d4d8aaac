import { Hono } from 'hono';
import type { Bindings } from '../platform/env.ts';
export const staffPages = () => new Hono<{ Bindings: Bindings }>();
