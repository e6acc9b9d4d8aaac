/**
 * The words touchpoints are described with. `kind` is an open list with a known core; the others are closed.
 * Capabilities A2 (channels), A3 (kinds of contact), A4 (phases), A5 (handlers).
 */

export const CHANNELS = [
  'web',
  'shop',
  'email',
  'sms',
  'messenger',
  'phone',
  'meeting',
  'event',
  'letter',
  'fax',
  'advertisement',
  'press',
  'social',
  'tv',
  'partner',
  'payment',
] as const;
export type Channel = (typeof CHANNELS)[number];

export const DIRECTIONS = ['in', 'out'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const INITIATORS = ['company', 'customer', 'third_party'] as const;
export type Initiator = (typeof INITIATORS)[number];

export const PHASES = ['research', 'purchasing', 'production', 'sale', 'service'] as const;
export type Phase = (typeof PHASES)[number];

/** Who handled the contact (A5). */
export const HANDLERS = ['staff', 'outsourced', 'automated'] as const;
export type Handler = (typeof HANDLERS)[number];

/** How a contact came about and what it was like (A3), and by which form of trade (A2). Kept in a touchpoint's `data`. */
export const ARRANGEMENTS = ['arranged', 'spontaneous'] as const;
export const APPROACHES = ['hard', 'soft'] as const;
export const ACTIVITIES = ['active', 'passive'] as const;
export const MEANS = ['advertising', 'pr', 'people', 'meetings', 'delegate', 'medium', 'alliance', 'chance'] as const;
export const TRADES = ['direct', 'retail', 'online', 'wholesale', 'combined'] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];
export type Approach = (typeof APPROACHES)[number];
export type Activity = (typeof ACTIVITIES)[number];
export type Means = (typeof MEANS)[number];
export type Trade = (typeof TRADES)[number];

/** The kinds every part of the product knows. Others are welcome: a kind is any `noun_verb` in snake case. */
export const CORE_KINDS = [
  'order_placed',
  'order_paid',
  'order_fulfilled',
  'order_updated',
  'order_cancelled',
  'order_refunded',
  'order_deleted',
  'checkout_started',
  'checkout_abandoned',
  'payment_succeeded',
  'payment_failed',
  'payment_authorized',
  'subscription_started',
  'subscription_renewed',
  'subscription_cancelled',
  'customer_created',
  'customer_updated',
  'customer_redacted',
  'account_closed',
  'complaint_lost',
  'referral_made',
  'form_started',
  'form_submitted',
  'survey_shown',
  'survey_dismissed',
  'survey_answered',
  'survey_abandoned',
  'review_posted',
  'email_sent',
  'email_delivered',
  'email_opened',
  'email_clicked',
  'email_bounced',
  'email_complained',
  'email_unsubscribed',
  'preferences_changed',
  'email_received',
  'email_autoreplied',
  'mailing_received',
  'sms_sent',
  'sms_received',
  'sms_unsubscribed',
  'sms_resubscribed',
  'message_sent',
  'message_received',
  'message_unsubscribed',
  'message_resubscribed',
  'call_logged',
  'meeting_booked',
  'meeting_held',
  'meeting_cancelled',
  'visit_made',
  'event_attended',
  'letter_sent',
  'letter_received',
  'fax_sent',
  'fax_received',
  'contact_logged',
  'note_added',
  'ticket_created',
  'ticket_solved',
  'page_viewed',
  'email_confirmed',
] as const;
export type CoreKind = (typeof CORE_KINDS)[number];

export const PARTIES = ['customer', 'prospect', 'employee', 'partner', 'shareholder'] as const;
export type Party = (typeof PARTIES)[number];

/** The stages of a relationship (B4), from the first sight to the end. */
export const STAGES = ['awareness', 'exploration', 'expansion', 'commitment', 'dissolution'] as const;
export type Stage = (typeof STAGES)[number];

/** What kind of relationship it is (B3): from a sale now and then to somebody of ours who looks after this customer alone. */
export const RELATIONSHIPS = [
  'transactional',
  'long_term',
  'personal_assistance',
  'dedicated_personal_assistance',
  'self_service',
  'automated_service',
  'community',
] as const;
export type Relationship = (typeof RELATIONSHIPS)[number];

/** Channels a customer may wish to be reached by. */
export const WISH_CHANNELS = [
  'email',
  'phone',
  'sms',
  'messenger',
  'letter',
  'fax',
  'meeting',
] as const satisfies Channel[];
