/**
 * The style of the file of a person, which stands in the file itself: it is opened from a disk, where nothing can be fetched. Nothing
 * of it is wider than a phone, and it can be printed.
 */
export const FILE_STYLE = `
:root { color-scheme: light dark; }
body { max-inline-size: 48rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { margin-block: 2.5rem 0.5rem; padding-block-end: 0.25rem; border-block-end: 2px solid; font-size: 1.25rem; }
h3 { margin-block: 1.5rem 0.5rem; font-size: 1.05rem; }
ol, ul { margin-block: 0.25rem; padding-inline-start: 1.5rem; }
section > ol > li { padding-block: 0.5rem; border-block-end: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: minmax(0, 13rem) minmax(0, 1fr); gap: 0 1rem; }
dt { opacity: 0.8; }
dd { margin: 0; min-inline-size: 0; white-space: pre-line; }
dd ul { padding-inline-start: 1rem; }
@media (max-width: 32rem) { dl > div { grid-template-columns: minmax(0, 1fr); } dd { margin-block-end: 0.375rem; } }
@media print { nav { display: none; } body { max-inline-size: none; padding: 0; font-size: 10pt; } section > ol > li { break-inside: avoid; } }
`;
