import { readFileSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';

/** Chromium as npm brings it, and pages that note down everything a test must never see. */

/** What these flags switch off is what the tests are about: CORS, site isolation, and a browser that outlives one page. */
const HARMFUL = /single-process|no-zygote|disable-web-security|insecure-content|isolation|IsolateOrigins|^--headless/;

/** Starts a browser. Where the system lacks its libraries, the message says what to install. */
export async function launchBrowser(): Promise<Browser> {
  const args = [...chromium.args.filter((arg) => !HARMFUL.test(arg)), '--no-sandbox'];
  try {
    // The one from npm is for Linux; elsewhere people have one of their own.
    const executablePath = process.env.CHROME_PATH ?? (await chromium.executablePath());
    return await playwright.launch({ executablePath, args, headless: true });
  } catch (error) {
    throw new Error(launchAdvice(String(error)), { cause: error });
  }
}

/** Says in one sentence what to do about a browser that does not start. */
export function launchAdvice(fault: string): string {
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(fault)?.[1];
  if (library)
    return `Chromium from npm needs ${library}, which this system lacks; on Debian or Ubuntu run: sudo apt-get install -y libnss3 libnspr4 libexpat1`;
  return `Chromium from npm did not start; set CHROME_PATH to a Chrome or Chromium of your own, or mend this: ${fault.slice(0, 600)}`;
}

/** Faults that a page showed, each as one line. */
export type Faults = string[];

declare global {
  interface Window {
    /** Called by the page's own watcher; a promise that tests need not wait for. */
    noteFault?: (fault: string) => unknown;
    /** The widget's own command. */
    rapport?: (name: string, ...rest: unknown[]) => unknown;
  }
}

export type Watched = { readonly page: Page; readonly faults: Faults };

/** A page in a context of its own that notes dialogs, CSP violations and errors. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  // A click waits for what moves to stand still.
  const still = { reducedMotion: 'reduce', viewport: { width: 1000, height: 700 }, locale: 'en-US' } as const;
  const context = await browser.newContext({ ...still, ...options });
  const faults: Faults = [];
  await context.exposeFunction('noteFault', (fault: string) => void faults.push(fault));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      window.noteFault?.(`csp: ${effectiveDirective} blocked ${blockedURI} ${sample}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => faults.push('dialog: went with its page'));
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  // What was blocked while the document was parsed is told to the console alone.
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(`console: ${message.text().slice(0, 300)}`);
  });
  return { page, faults };
}

const axeSource = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
/** WCAG 2.2 AA and good practice; for a page that was asked all of it, the rules that another theme can break. */
const QUESTIONS = {
  all: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
};

/** What axe finds wrong with the page as it stands, one line a node; shadow roots included. */
export async function axeViolations(page: Page, question: keyof typeof QUESTIONS = 'all'): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const ask = async (expression: string): Promise<unknown> => {
    // By the debugger and not by a script tag, so that the page keeps its own CSP.
    const reply = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (reply.exceptionDetails) throw new Error(`axe did not run: ${reply.exceptionDetails.exception?.description}`);
    return reply.result.value;
  };
  if ((await ask('typeof axe')) === 'undefined') await ask(axeSource);
  const options = JSON.stringify({ runOnly: QUESTIONS[question], resultTypes: ['violations'] });
  const found = await ask(`axe.run(document, ${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => id + ' ' + target.flat().join(' ') + ': ' + failureSummary)))`);
  await session.detach();
  return found as string[];
}
