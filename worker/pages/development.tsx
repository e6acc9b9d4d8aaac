import { Hono } from 'hono';
import type { Bindings } from '../platform/env.ts';
export const development = () => new Hono<{ Bindings: Bindings }>();
