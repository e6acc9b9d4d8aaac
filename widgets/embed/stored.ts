/**
 * All that the widget keeps in a visitor's browser: the one declaration, from which the statement for visitors is made. A test holds it
 * against what the widget really writes. Names follow the prefix `rapport:<key>:`; one that ends with `:` is the beginning of several.
 * Nothing of it before the visitor acts, and no cookie at all.
 */
export type Stored = {
  readonly name: string;
  /** `session`: until the tab is closed. `local`: until it is taken away. */
  readonly place: 'session' | 'local';
  /** What the statement says of it, by the language's own words. */
  readonly about: StoredAbout;
  /** Only after the page has said that the visitor agreed. */
  readonly needsConsent: boolean;
};
export type StoredAbout = 'visitor' | 'remembered' | 'draft' | 'seen' | 'waiting';

export const STORED: readonly Stored[] = [
  { name: 'visitor', place: 'session', about: 'visitor', needsConsent: false },
  { name: 'draft', place: 'session', about: 'draft', needsConsent: false },
  { name: 'seen', place: 'session', about: 'seen', needsConsent: false },
  { name: 'out:', place: 'local', about: 'waiting', needsConsent: false },
  { name: 'visitor', place: 'local', about: 'remembered', needsConsent: true },
];
