/** Segments to begin with: each is a click away from being saved. */
export const READY_MADE: readonly { readonly name: string; readonly rule: string; readonly why: string }[] = [
  { name: 'Regular buyers', rule: 'orders >= 3', why: 'Worth knowing by name, and worth a thank-you.' },
  {
    name: 'Slipping away',
    rule: 'orders >= 2 and overdue > 2',
    why: 'They have been quiet for twice as long as is usual for them.',
  },
  {
    name: 'Unhappy buyers',
    rule: 'orders >= 1 and (nps <= 6 or csat <= 2)',
    why: 'They paid, and their latest score is low: ask what went wrong.',
  },
  {
    name: 'Interested, never ordered',
    rule: 'orders = 0 and touchpoints >= 3 and last touchpoint within 90 days',
    why: 'In touch again and again, and nothing bought yet.',
  },
  {
    name: 'Waiting for an answer',
    rule: 'waiting since before 1 day',
    why: 'They wrote, and nobody has answered for a day.',
  },
];

/** Where the form of a new segment opens filled in. */
export const draftPath = ({ name, rule }: { readonly name?: string; readonly rule: string }): string =>
  `/segments/new?${new URLSearchParams({ ...(name !== undefined && { name }), rule })}`;
