/**
 * The page of a segment counts as its rule is written: the form is sent as its own "Count" button would send it, and the parts
 * that tell the outcome are taken from the answer. Without it the button does the same.
 */

const PAUSE_MS = 500;

const form = document.querySelector<HTMLFormElement>('[data-segment]');
const field = form?.querySelector<HTMLTextAreaElement>('[data-rule]');

let timer = 0;
let asking: AbortController | null = null;

/** Puts the live parts of an answered page in the place of those shown; an unchanged one is left, so that nobody hears it twice. */
function take(page: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-live]')) {
    const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!fresh || fresh.innerHTML === part.innerHTML || part.contains(document.activeElement)) continue;
    part.replaceChildren(...fresh.childNodes);
  }
  const isWrong = page.querySelector('[data-rule]')?.getAttribute('aria-invalid') === 'true';
  if (isWrong) field?.setAttribute('aria-invalid', 'true');
  else field?.removeAttribute('aria-invalid');
}

async function count(of: HTMLFormElement): Promise<void> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const body = new FormData(of);
  body.set('act', 'count');
  const response = await fetch(of.action, { method: 'POST', body, signal: mine.signal });
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  // What was typed meanwhile asks again by itself.
  if (asking === mine) take(page);
}

if (form && field) {
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void count(form).catch(() => undefined), PAUSE_MS);
  };
  field.addEventListener('input', soon);
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-insert]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const written = field.value.trimEnd();
      field.value = `${written}${written === '' ? '' : ' and '}${button.dataset.insert ?? ''}`;
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
      soon();
    });
  }
}

// Without this the compiler takes the file for one that shares its names with the others.
export {};
