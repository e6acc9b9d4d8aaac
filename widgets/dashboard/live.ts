/**
 * The live view moves by itself: it asks every two seconds what has arrived since the last that it shows. It rests while the page
 * is hidden or paused, asks less often when nothing comes or nobody answers, and tells a reader at most every ten seconds.
 */

const EVERY_MS = 2000;
const SLOW_MS = 15_000;
const MAX_WAIT_MS = 60_000;
/** After so long without news it asks less often. */
const PATIENT_MS = 5 * 60 * 1000;
const TOLD_MS = 10_000;
/** Lines kept in each list. */
const MAX_LINES = 200;

const page = document.querySelector<HTMLElement>('[data-live-page]');
const status = document.querySelector<HTMLElement>('[data-live-status]');
const button = document.querySelector<HTMLButtonElement>('[data-live-pause]');

let timer = 0;
let failures = 0;
let isPaused = false;
let quietSince = Date.now();
let untold = 0;
let toldAt = 0;

/** Puts new lines before those that are there, once each, and lets the oldest go. */
function prepend(list: Element, fresh: readonly Element[]): number {
  const known = new Set([...list.children].map((line) => line.getAttribute('data-seq')));
  const lines = fresh.filter((line) => !known.has(line.getAttribute('data-seq')));
  list.prepend(...lines);
  for (const old of [...list.children].slice(MAX_LINES)) if (!old.contains(document.activeElement)) old.remove();
  return lines.length;
}

function take(shown: HTMLElement, arrived: Element): number {
  const pick = (of: Element, where: string) => of.querySelector(where);
  const list = pick(shown, '[data-live-list]');
  const passing = pick(shown, '[data-live-passing]');
  const passingList = passing?.querySelector('ul');
  if (!list || !(passing instanceof HTMLElement) || !passingList) return 0;
  const found = prepend(list, [...arrived.querySelectorAll('[data-live-list] > li')]);
  const passed = prepend(passingList, [...arrived.querySelectorAll('[data-live-passing] li')]);
  const count = passingList.childElementCount;
  passing.hidden = count === 0;
  const summary = pick(passing, '[data-live-count]');
  if (summary && passed > 0) summary.textContent = `${count} page view${count === 1 ? '' : 's'} by unknown visitors`;
  const empty = pick(shown, '[data-live-empty]');
  if (empty instanceof HTMLElement && found + passed > 0) empty.hidden = true;
  return found;
}

function tell(found: number): void {
  untold += found;
  if (!status || untold === 0 || Date.now() - toldAt < TOLD_MS) return;
  status.textContent = `${untold} new touchpoint${untold === 1 ? '' : 's'} arrived.`;
  untold = 0;
  toldAt = Date.now();
}

async function look(shown: HTMLElement): Promise<void> {
  const url = new URL(location.href);
  url.searchParams.set('after', shown.dataset.last ?? '0');
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  if (!response.ok || response.redirected) throw new Error(`${response.status}`);
  const arrived = new DOMParser()
    .parseFromString(await response.text(), 'text/html')
    .querySelector<HTMLElement>('[data-live-page]');
  if (!arrived) throw new Error('no live page');
  const found = take(shown, arrived);
  shown.dataset.last = arrived.dataset.last ?? shown.dataset.last ?? '0';
  if (found > 0) quietSince = Date.now();
  tell(found);
}

function schedule(shown: HTMLElement): void {
  clearTimeout(timer);
  if (document.hidden || isPaused) return;
  const usual = Date.now() - quietSince > PATIENT_MS ? SLOW_MS : EVERY_MS;
  const wait = Math.min(usual * 2 ** failures, MAX_WAIT_MS);
  timer = window.setTimeout(async () => {
    try {
      await look(shown);
      failures = 0;
    } catch {
      failures++;
      if (status && failures === 3) status.textContent = 'The connection is lost; it is tried again.';
    }
    schedule(shown);
  }, wait);
}

if (page) {
  document.addEventListener('visibilitychange', () => schedule(page));
  if (button) {
    button.hidden = false;
    button.addEventListener('click', () => {
      isPaused = !isPaused;
      button.setAttribute('aria-pressed', String(isPaused));
      if (status) status.textContent = isPaused ? 'Paused: nothing new is shown.' : 'Going on.';
      schedule(page);
    });
  }
  schedule(page);
}

// Without this the compiler takes the file for one that shares its names with the others.
export {};
