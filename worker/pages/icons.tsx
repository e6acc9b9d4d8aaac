/** Line icons on a 24 px grid, drawn for these pages. They repeat what the text beside them says, so readers skip them. */

const PATHS = {
  overview: 'M4 19V5M4 19h16M8 15l4-5 3 3 5-7',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.6-3.6 3.2-5.5 6.5-5.5s5.9 1.9 6.5 5.5M16 4.4a3.5 3.5 0 0 1 0 6.2M18 14.9c2 .8 3.2 2.5 3.5 5.1',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0V8ZM12 17v4',
  live: 'M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM8 16a5.5 5.5 0 0 1 0-8M16 8a5.5 5.5 0 0 1 0 8M5 19a9.8 9.8 0 0 1 0-14M19 5a9.8 9.8 0 0 1 0 14',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14',
  bag: 'M5 8h14l1 12H4L5 8ZM9 8V7a3 3 0 0 1 6 0v1',
  card: 'M3 6h18v12H3V6ZM3 10h18M7 14.5h3',
  survey: 'M4 5h16v11H11l-5 4v-4H4V5ZM8 9h8M8 12h5',
  mail: 'M3 6h18v12H3V6ZM3.5 6.5 12 13l8.5-6.5',
  message: 'M4 5h16v11h-8l-5 4v-4H4V5Z',
  clip: 'M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.8 17a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  note: 'M5 3h10l4 4v14H5V3ZM15 3v4h4M8.5 12h7M8.5 16h5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z',
  phone:
    'M6 3h3.5l1.5 5-2.2 1.6a13 13 0 0 0 5.6 5.6L16 13l5 1.5V18c0 1.7-1.3 3-3 3C10.3 21 3 13.7 3 6c0-1.7 1.3-3 3-3Z',
  meeting: 'M4 5h16v15H4V5ZM4 10h16M8 3v4M16 3v4M8.5 15l2.5 2.5 4.5-4.5',
  letter: 'M4 10v10h16V10L12 4l-8 6ZM4.3 10.3 12 15.5l7.7-5.2',
  form: 'M5 3h14v18H5V3ZM8.5 8h7M8.5 12h7M8.5 16h3',
  ticket: 'M3 7h18v3.5a1.8 1.8 0 0 0 0 3.5V17H3v-3a1.8 1.8 0 0 0 0-3.5V7ZM14 7v2M14 11.5v2M14 15v2',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 21c.7-4 3.7-6 7.5-6s6.8 2 7.5 6',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  team: 'M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 20c.7-3.7 3.5-5.6 7-5.6s6.3 1.9 7 5.6M4.5 9.5a2.2 2.2 0 1 0 0-.1M19.5 9.5a2.2 2.2 0 1 0 0-.1',
  fields: 'M4 5h16v5H4V5ZM4 14h10v5H4v-5ZM18 14v5M15.5 16.5h5',
  check: 'M5 12.5 10 17.5 19.5 7',
  alert: 'M12 4 2.8 20h18.4L12 4ZM12 10v4.5M12 17.3v.2',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 21 21',
  copy: 'M8 8h12v12H8V8ZM16 8V4H4v12h4',
  arrow: 'M4 12h16M14 6l6 6-6 6',
  leave: 'M14 4H5v16h9M10 12h11M17.5 8.5 21 12l-3.5 3.5',
  dot: 'M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z',
  link: 'M10 14a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.6l-1 1M14 10a4.5 4.5 0 0 0-6.4 0l-3 3a4.5 4.5 0 0 0 6.4 6.4l1-1',
  funnel: 'M3 5h18l-7 8.5V20l-4-2v-4.5L3 5Z',
  keys: 'M3 7h18v11H3V7ZM7 11h.1M11 11h.1M15 11h.1M8 14.5h8',
  shield: 'M12 3 4.5 6v5.5c0 4.6 3.1 7.9 7.5 9.5 4.4-1.6 7.5-4.9 7.5-9.5V6L12 3ZM8.5 12l2.5 2.5 4.5-5',
  stages: 'M4 20v-4h4v4M8 20v-8h4v8M12 20V8h4v12M16 20V4h4v16M2.5 20h19',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16ZM10 21h4',
  building: 'M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3M16.5 13h.1M16.5 17h.1',
  home: 'M4 11.5 12 4l8 7.5M6 10v10h12V10M10 20v-5.5h4V20',
  replay: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5',
} as const;
export type IconName = keyof typeof PATHS;

/** One icon, as large as the text it stands in. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Two circles that meet: the mark of the product. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="9" />
      <circle class="mark-other" cx="20" cy="12" r="9" />
    </svg>
  );
}
