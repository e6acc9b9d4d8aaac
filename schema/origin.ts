import * as v from 'valibot';

const isWeb = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const Origin = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(300),
  v.check(isWeb, 'write an address like https://shop.example'),
  v.transform((address) => new URL(address).origin),
);

/** Sites whose pages may send; empty allows any. The address of any page of a site stands for the site. */
export const Origins = v.optional(v.pipe(v.array(Origin), v.maxLength(50)), []);
