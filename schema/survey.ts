import * as v from 'valibot';
import { Origins } from './origin.ts';

/** Languages the widget and the hosted pages speak. The first is the fallback. */
export const LOCALES = ['en', 'zh-Hans', 'bg', 'pl', 'ar'] as const;
export type Locale = (typeof LOCALES)[number];

const slug = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_-]{0,39}$/, 'use lower-case letters, digits, - and _'));
const shortText = v.pipe(v.string(), v.trim(), v.maxLength(300));

export const Question = v.strictObject({
  id: slug,
  kind: slug,
  /** The owner's own wording per locale; without one the catalogue's wording for the kind is used. */
  label: v.optional(v.record(v.picklist(LOCALES), shortText), {}),
  required: v.optional(v.boolean(), false),
});
export type Question = v.InferOutput<typeof Question>;

export const Survey = v.strictObject({
  id: slug,
  questions: v.pipe(v.array(Question), v.minLength(1), v.maxLength(10)),
});
export type Survey = v.InferOutput<typeof Survey>;

/** What a site owner can set for the widget. Every field has a default, so `{}` is a working widget. */
export const SiteSettings = v.strictObject({
  origins: Origins,
  /** `auto` follows the page's language, then the browser's. */
  locale: v.optional(v.picklist(['auto', ...LOCALES]), 'auto'),
  theme: v.optional(v.picklist(['auto', 'light', 'dark']), 'auto'),
  accent: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i, 'use a colour like #2c5cc5')), '#2c5cc5'),
  button: v.optional(
    v.strictObject({
      /** Null: the catalogue's word. Empty: no button, the page calls `rapport('open')`. */
      label: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(40))), null),
      side: v.optional(v.picklist(['start', 'end']), 'end'),
    }),
    {},
  ),
  /** Opens by itself so many seconds after the page is ready; null never. */
  openAfterSeconds: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3600))), null),
  survey: v.optional(Survey, {
    id: 'default',
    questions: [
      { id: 'nps', kind: 'nps', required: true },
      { id: 'why', kind: 'comment' },
    ],
  }),
});
export type SiteSettings = v.InferOutput<typeof SiteSettings>;

const uuid = v.pipe(v.string(), v.uuid());
const url = v.pipe(v.string(), v.maxLength(2000));

export const RawAnswer = v.strictObject({
  question: slug,
  value: v.union([v.pipe(v.string(), v.maxLength(5000)), v.number()]),
});
export type RawAnswer = v.InferOutput<typeof RawAnswer>;

/** One thing that happened in the widget. `id` makes it happen once, however often it is sent. */
export const SiteEvent = v.strictObject({
  id: uuid,
  /** Epoch ms on the visitor's clock. */
  at: v.pipe(v.number(), v.integer(), v.minValue(0)),
  type: v.picklist(['survey_shown', 'survey_answered', 'survey_dismissed', 'page_viewed']),
  survey: v.optional(slug),
  answers: v.optional(v.pipe(v.array(RawAnswer), v.maxLength(10))),
});
export type SiteEvent = v.InferOutput<typeof SiteEvent>;

/** What else is known of a person, by name. What is no text, number or yes or no costs itself and nothing more. */
export const Traits = v.record(
  v.string(),
  v.fallback(v.nullable(v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean()])), null),
);

/** What the widget sends to `POST /w/:key/in`. Whatever it says of a person is a claim. */
export const SiteMessage = v.strictObject({
  /** Random, made in the browser when the visitor first acts. */
  visitor: uuid,
  locale: v.pipe(v.string(), v.maxLength(35)),
  page: v.strictObject({ url, title: v.pipe(v.string(), v.maxLength(300)), referrer: url }),
  identity: v.optional(
    v.strictObject({
      userId: v.optional(v.pipe(v.string(), v.maxLength(200))),
      email: v.optional(v.pipe(v.string(), v.maxLength(254))),
      phone: v.optional(v.pipe(v.string(), v.maxLength(40))),
      name: v.optional(v.pipe(v.string(), v.maxLength(200))),
      /** What else the page knows of them, for the fields of the business. */
      traits: v.optional(Traits),
      /** Made by the owner's server: what it proves is no claim any more. */
      token: v.optional(v.pipe(v.string(), v.maxLength(4000))),
    }),
  ),
  events: v.pipe(v.array(SiteEvent), v.minLength(1), v.maxLength(20)),
});
export type SiteMessage = v.InferOutput<typeof SiteMessage>;

/** What a page sends to `POST /w/:key/confirm`: asks for a code, or proves with the one that came. */
export const ConfirmMessage = v.strictObject({
  visitor: uuid,
  email: v.pipe(v.string(), v.trim(), v.maxLength(254)),
  code: v.optional(v.pipe(v.string(), v.maxLength(20))),
  locale: v.optional(v.pipe(v.string(), v.maxLength(35)), ''),
});
