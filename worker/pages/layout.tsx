import type { ComponentChildren } from 'preact';
import { assetPath } from '../platform/assets.ts';
import { TakeBack, type Undo } from './components/take-back.tsx';
import { Icon, type IconName, Mark } from './icons.tsx';
import { Dialogs } from './log/quick-log.tsx';

/** The islands of the staff pages: each a script of its own, and every page works without them. */
export type Island = 'copy' | 'import' | 'live' | 'quick-log' | 'search' | 'segment' | 'source';

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='12' cy='16' r='9' fill='%23137066'/%3E%3Ccircle cx='20' cy='16' r='9' fill='%23d2744a' fill-opacity='.85'/%3E%3C/svg%3E";

type DocumentProps = {
  readonly title: string;
  readonly lang?: string;
  readonly dir?: 'ltr' | 'rtl';
  readonly islands?: readonly Island[];
  readonly children: ComponentChildren;
};

/** A whole HTML document with the stylesheet. */
export function Document({ title, lang = 'en', dir = 'ltr', islands = [], children }: DocumentProps) {
  return (
    <html lang={lang} dir={dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="icon" href={ICON} />
        <link rel="stylesheet" href={assetPath('styles.css')} />
        {islands.map((island) => (
          <script key={island} type="module" src={assetPath(`dashboard/${island}`)} />
        ))}
      </head>
      <body>{children}</body>
    </html>
  );
}

export type Section =
  | 'overview'
  | 'customers'
  | 'segments'
  | 'sources'
  | 'live'
  | 'api'
  | 'products'
  | 'suggestions'
  | 'costs'
  | 'consent'
  | 'privacy'
  | 'imports'
  | 'mail'
  | 'jobs'
  | 'team'
  | 'fields'
  | 'stages'
  | 'notices'
  | 'organisations'
  | 'households';
type Place = { readonly id: Section; readonly href: string; readonly label: string; readonly icon: IconName };
const API: Place = { id: 'api', href: '/api', label: 'API', icon: 'code' };
const SECTIONS: readonly Place[] = [
  { id: 'overview', href: '/', label: 'Overview', icon: 'overview' },
  { id: 'customers', href: '/customers', label: 'Customers', icon: 'people' },
  { id: 'sources', href: '/sources', label: 'Sources', icon: 'plug' },
  { id: 'live', href: '/live', label: 'Live', icon: 'live' },
];

/** What belongs to those places. */
const GROUPS: readonly { readonly title: string; readonly places: readonly Place[] }[] = [
  {
    title: 'People',
    places: [
      { id: 'suggestions', href: '/suggestions', label: 'Same person?', icon: 'link' },
      { id: 'notices', href: '/notices', label: 'Notices', icon: 'bell' },
      { id: 'organisations', href: '/organisations', label: 'Organisations', icon: 'building' },
      { id: 'households', href: '/households', label: 'Households', icon: 'home' },
      { id: 'segments', href: '/segments', label: 'Segments', icon: 'funnel' },
      { id: 'stages', href: '/stages', label: 'Stages', icon: 'stages' },
    ],
  },
  {
    title: 'Business',
    places: [
      { id: 'products', href: '/products', label: 'Products', icon: 'bag' },
      { id: 'costs', href: '/costs', label: 'Cost of contact', icon: 'card' },
      { id: 'imports', href: '/imports', label: 'Imports', icon: 'form' },
    ],
  },
];

/** What is set up once and looked at now and then. */
const SETTINGS: readonly Place[] = [
  { id: 'team', href: '/team', label: 'Team', icon: 'team' },
  { id: 'fields', href: '/fields', label: 'Fields', icon: 'fields' },
  { id: 'consent', href: '/consent', label: 'Consent', icon: 'check' },
  { id: 'privacy', href: '/privacy', label: 'Privacy', icon: 'shield' },
  { id: 'mail', href: '/mail', label: 'Outgoing mail', icon: 'mail' },
  { id: 'jobs', href: '/jobs', label: 'Jobs', icon: 'replay' },
  API,
];

type LinksProps = { readonly places: readonly Place[]; readonly section: Section | null; readonly label?: string };

function Links({ places, section, label }: LinksProps) {
  return (
    <ul class="rail-links" aria-label={label}>
      {places.map(({ id, href, label, icon }) => (
        <li key={id}>
          <a href={href} aria-current={id === section ? 'page' : undefined}>
            <Icon name={icon} />
            {label}
          </a>
        </li>
      ))}
    </ul>
  );
}

function MoreLinks({ section }: { readonly section: Section | null }) {
  return (
    <nav aria-label="More">
      {GROUPS.map(({ title, places }) => (
        <div key={title} class="rail-group">
          {/* The list is called so, too. */}
          <p aria-hidden="true">{title}</p>
          <Links places={places} section={section} label={title} />
        </div>
      ))}
      <details class="rail-settings" open={SETTINGS.some(({ id }) => id === section)}>
        <summary>Settings</summary>
        <Links places={SETTINGS} section={section} />
      </details>
      <button type="button" class="plain" data-keys hidden>
        <Icon name="keys" />
        Keyboard
      </button>
    </nav>
  );
}

/** Where there is room they stand there; on a narrow screen they unfold, without a script. One of the two is shown. */
function More({ section }: { readonly section: Section | null }) {
  return (
    <>
      <div class="rail-rest">
        <MoreLinks section={section} />
      </div>
      <details class="rail-more">
        <summary>More</summary>
        <MoreLinks section={section} />
      </details>
    </>
  );
}

function Rail({ section, isSignedIn }: { readonly section: Section | null; readonly isSignedIn: boolean }) {
  return (
    <header class="rail">
      <a class="brand" href="/">
        <Mark />
        Rapport
      </a>
      {isSignedIn && (
        <a class="button rail-log" href="/log" data-quick-log aria-keyshortcuts="l">
          <Icon name="note" />
          <span>
            Log<span class="rail-wide"> a contact</span>
          </span>
        </a>
      )}
      <nav aria-label="Main" class="rail-main">
        <Links places={isSignedIn ? SECTIONS : [...SECTIONS, API]} section={section} />
      </nav>
      {isSignedIn && <More section={section} />}
      {isSignedIn ? (
        <form class="rail-leave" method="post" action="/sign-out">
          <button type="submit" class="plain">
            <Icon name="leave" />
            <span>Sign out</span>
          </button>
        </form>
      ) : (
        <a class="rail-leave" href="/sign-in">
          Sign in
        </a>
      )}
    </header>
  );
}

export type StaffPageProps = {
  readonly title: string;
  readonly section: Section | null;
  readonly islands?: readonly Island[];
  /** False on a page that strangers may read. */
  readonly isSignedIn?: boolean;
  /** What a form just did, told once at the top. */
  readonly notice?: { readonly tone: 'good' | 'bad'; readonly text: string; readonly undo?: Undo } | null;
  readonly children: ComponentChildren;
};

/** What a form did. One that can be taken back has the focus, so that doing so is what comes first. */
function Told({ tone, text, undo }: NonNullable<StaffPageProps['notice']>) {
  const words = (
    <p class={`notice notice-${tone}`} role={tone === 'good' ? 'status' : 'alert'}>
      <Icon name={tone === 'good' ? 'check' : 'alert'} />
      {text}
    </p>
  );
  if (!undo) return words;
  return (
    <div class="told" tabIndex={-1} autofocus>
      {words}
      <TakeBack {...undo} />
    </div>
  );
}

/** A page of the dashboard: skip link, navigation, and one main region. */
export function StaffPage({ title, section, islands = [], isSignedIn = true, notice, children }: StaffPageProps) {
  return (
    <Document
      title={`${title} · Rapport`}
      islands={['search', ...(isSignedIn ? (['quick-log'] as const) : []), ...islands]}
    >
      <a class="skip" href="#main">
        Skip to content
      </a>
      <div class="frame">
        <Rail section={section} isSignedIn={isSignedIn} />
        <main id="main" tabIndex={-1}>
          {notice && <Told {...notice} />}
          {children}
        </main>
      </div>
      {isSignedIn && <Dialogs />}
    </Document>
  );
}

/** A page that needs no session: one sheet in the middle, without navigation. */
export function PlainPage({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <Document title={`${title} · Rapport`}>
      <main id="main" class="sheet">
        <p class="brand">
          <Mark />
          Rapport
        </p>
        {children}
      </main>
    </Document>
  );
}
