import * as v from 'valibot';
import type { Json } from '../../schema/touchpoint.ts';
import type { Delivery } from './provider.ts';

/**
 * Some senders sign the address they were given as well as the body. Behind a route or a proxy that is not the one the
 * worker sees, so that it can be set; without it the request's own address is taken.
 */
export const publicUrlSetting = v.optional(
  v.nullable(v.pipe(v.string(), v.trim(), v.url('use the whole address, as the sender has it'))),
  null,
);

/** The address the settings name, null for none. */
export const publicUrl = (settings: Readonly<Record<string, Json>>): string | null =>
  typeof settings.publicUrl === 'string' ? settings.publicUrl : null;

/** The `url` of a signature scheme: what the sender signed. */
export const signedUrl = (delivery: Delivery, settings: Readonly<Record<string, Json>>): string =>
  publicUrl(settings) ?? delivery.url.href;
