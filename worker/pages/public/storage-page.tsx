import { type Context, Hono } from 'hono';
import { LOCALES } from '../../../schema/survey.ts';
import { STORED, type Stored } from '../../../widgets/embed/stored.ts';
import type { Bindings } from '../../platform/env.ts';
import { runtimeOf } from '../../platform/runtime.ts';
import { providerOf, sourceByKey } from '../../sources/store.ts';
import { OWN_NAMES, type Speech, speechFor, wishesOf } from './locale.ts';
import { messagePage } from './message-page.tsx';
import { PublicDocument, publicResponse } from './respond.tsx';
import { STORAGE_WORDS, type StorageWords } from './storage-words.ts';

type Env = { Bindings: Bindings };

/** The whole name in the browser; of several names what they begin with. */
const nameOf = (key: string, { name }: Stored): string => `rapport:${key}:${name}${name.endsWith(':') ? '…' : ''}`;

function Kept({
  stored,
  words,
  name,
}: {
  readonly stored: Stored;
  readonly words: StorageWords;
  readonly name: string;
}) {
  const { labels, places, kept } = words;
  const { what, when, why, until } = kept[stored.about];
  return (
    <section class="public-kept">
      <h2>{what}</h2>
      <dl>
        <dt>{labels.when}</dt>
        <dd>{when}</dd>
        <dt>{labels.why}</dt>
        <dd>{why}</dd>
        <dt>{labels.until}</dt>
        <dd>{until}</dd>
        <dt>{labels.name}</dt>
        <dd>
          <code dir="ltr">{name}</code> ({places[stored.place]})
        </dd>
      </dl>
    </section>
  );
}

function statement(key: string, speech: Speech): Response {
  const { locale } = speech;
  const words = STORAGE_WORDS[locale];
  return publicResponse(
    <PublicDocument title={words.title} speech={speech}>
      <h1>{words.title}</h1>
      <p class="public-lead">{words.lead}</p>
      {STORED.map((stored) => (
        <Kept key={`${stored.place} ${stored.name}`} stored={stored} words={words} name={nameOf(key, stored)} />
      ))}
      <p class="public-lead">{words.nothing}</p>
      <nav class="public-tongues">
        {LOCALES.filter((other) => other !== locale).map((other) => (
          <a key={other} href={`/w/${key}/storage?lang=${other}`} lang={other} hreflang={other}>
            {OWN_NAMES[other]}
          </a>
        ))}
      </nav>
    </PublicDocument>,
  );
}

/** The same for programs, and for whoever writes the statement of a site: in all languages. */
const declaration = (key: string) => ({
  cookies: [],
  storage: STORED.map((stored) => ({
    name: nameOf(key, stored),
    place: stored.place === 'local' ? 'localStorage' : 'sessionStorage',
    needsConsent: stored.needsConsent,
    statement: Object.fromEntries(LOCALES.map((locale) => [locale, STORAGE_WORDS[locale].kept[stored.about]])),
  })),
});

async function isSite(c: Context<Env>, key: string): Promise<boolean> {
  const source = await sourceByKey(runtimeOf(c.env), key);
  return source !== null && providerOf(source.kind)?.door === 'site';
}

/** What a site's widget keeps in its visitors' browsers, said from the widget's own declaration. */
export const storageRoutes = new Hono<Env>()
  .get('/w/:key/storage', async (c) => {
    const key = c.req.param('key');
    const wanted = c.req.query('lang');
    const speech = speechFor([...(wanted ? [wanted.slice(0, 35)] : []), ...wishesOf(c.req.header('accept-language'))]);
    if (!(await isSite(c, key))) return messagePage({ speech, heading: speech.text('page.missing'), status: 404 });
    return statement(key, speech);
  })
  .get('/w/:key/storage.json', async (c) => {
    const key = c.req.param('key');
    if (!(await isSite(c, key))) return c.notFound();
    return c.json(declaration(key), 200, { 'cache-control': 'public, max-age=300' });
  });
