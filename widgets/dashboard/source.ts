/**
 * The page of a source turns live by itself: it asks every two seconds whether something was delivered, and if so puts the
 * new state in the place of the old. It rests while the page is hidden. Without it "Check again" does the same.
 */

const EVERY_MS = 2000;
/** After so long without news the wait grows, so that a forgotten tab costs next to nothing. */
const PATIENT_MS = 5 * 60 * 1000;
const SLOW_MS = 15_000;

const announcer = document.querySelector<HTMLElement>('[data-announce]');
const id = document.querySelector<HTMLElement>('[data-source]')?.dataset.source;
let last = document.querySelector<HTMLElement>('[data-source]')?.dataset.last ?? '';
let quietSince = Date.now();
let timer = 0;

/** When something last knocked at the source, epoch ms as text; null when it cannot be asked. */
async function lastDelivery(): Promise<string | null> {
  const response = await fetch(`/api/v1/sources/${id}`, { headers: { accept: 'application/json' } });
  if (!response.ok) return null;
  const source: unknown = await response.json();
  const at = typeof source === 'object' && source !== null && 'lastDeliveryAt' in source ? source.lastDeliveryAt : null;
  return typeof at === 'string' ? String(Date.parse(at)) : '';
}

/** Fetches the page anew and takes its live parts. What stands elsewhere, such as a half-filled form, stays untouched. */
async function refresh(hasArrived: boolean): Promise<void> {
  const response = await fetch(`/sources/${id}`);
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll<HTMLElement>('[data-live]')) {
    const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
    // Whoever stands in a part with the keyboard is not thrown out of it; the next look takes it.
    if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
  }
  if (!hasArrived) return;
  const standing = document.querySelector('.standing')?.textContent ?? '';
  const outcome = document.querySelector('.delivery-head .status')?.textContent ?? '';
  if (announcer) announcer.textContent = `A delivery arrived: ${outcome}. ${standing}`;
}

async function check(): Promise<void> {
  const at = await lastDelivery().catch(() => null);
  // While something is being read again, no delivery has to arrive for the page to have news.
  const isBusy = document.querySelector('[data-busy]') !== null;
  if (at === null || (at === last && !isBusy)) return;
  const hasArrived = at !== last;
  last = at;
  quietSince = Date.now();
  await refresh(hasArrived).catch(() => undefined);
}

function schedule(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  const wait = Date.now() - quietSince > PATIENT_MS ? SLOW_MS : EVERY_MS;
  timer = window.setTimeout(() => void check().finally(schedule), wait);
}

if (id) {
  document.addEventListener('visibilitychange', schedule);
  schedule();
}
