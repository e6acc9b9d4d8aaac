import type { Runtime } from '../../platform/env.ts';
import { randomKey } from '../../platform/random.ts';
import { addSource } from '../../sources/manage.ts';
import { listSources, type Source } from '../../sources/store.ts';

/** The doors of the demo business. They are ordinary sources: what staff see of them is what they see of their own. */
const DEMO_SOURCES = {
  shop: { kind: 'shopify', name: 'Harbour & Hare shop' },
  widget: {
    kind: 'site',
    name: 'Harbour & Hare',
    settings: {
      accent: '#1f5f5b',
      survey: {
        id: 'recommend',
        questions: [
          { id: 'nps', kind: 'nps', required: true },
          { id: 'why', kind: 'comment' },
        ],
      },
    },
  },
  delivery: {
    kind: 'site',
    name: 'Harbour & Hare delivery',
    settings: {
      accent: '#1f5f5b',
      survey: {
        id: 'delivery',
        questions: [
          { id: 'csat', kind: 'csat', required: true },
          { id: 'ease', kind: 'ces' },
          { id: 'why', kind: 'comment' },
        ],
      },
    },
  },
  form: { kind: 'html_form', name: 'Contact form' },
  box: { kind: 'standard_webhooks', name: 'Tea box subscriptions' },
} as const;

export type DemoSource = keyof typeof DEMO_SOURCES;
export type DemoSources = Readonly<Record<DemoSource, Source>>;

const NAMES: readonly DemoSource[] = ['shop', 'widget', 'delivery', 'form', 'box'];

/** The demo sources, or null when they have not been made. */
export async function findDemoSources(runtime: Runtime): Promise<DemoSources | null> {
  const sources = await listSources(runtime);
  const found = NAMES.map((name) => {
    const { kind, name: title } = DEMO_SOURCES[name];
    return [name, sources.find((source) => source.kind === kind && source.name === title)] as const;
  });
  return found.every(([, source]) => source !== undefined) ? (Object.fromEntries(found) as DemoSources) : null;
}

/** The demo sources, made with secrets of their own when they are not there. */
export async function ensureDemoSources(runtime: Runtime): Promise<DemoSources> {
  const found = await findDemoSources(runtime);
  if (found) return found;
  const made: [DemoSource, Source][] = [];
  for (const name of NAMES) {
    const added = await addSource(runtime, { ...DEMO_SOURCES[name], secret: randomKey(32) });
    if (!added.ok) throw new Error(`the demo source ${name} does not fit: ${JSON.stringify(added.misfits)}`);
    made.push([name, added.value]);
  }
  return Object.fromEntries(made) as DemoSources;
}
