/**
 * Single keys do something only while nobody types, and can be switched off (WCAG 2.1.4). The wish is kept in this browser, and
 * only once somebody has said it.
 */
const SETTING = 'rapport.keys';

/** A field of a dialog that has just been closed may still have the focus for a moment. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  !target.closest('dialog:not([open])') &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Storage may be refused by the browser; then the keys stay as they are by default. */
export function areKeysOn(): boolean {
  try {
    return localStorage.getItem(SETTING) !== 'off';
  } catch {
    return true;
  }
}

export function setKeys(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(SETTING);
    else localStorage.setItem(SETTING, 'off');
  } catch {
    // Nothing to be done: it holds for this page.
  }
}

/** Calls `act` when the key is pressed by itself, outside of fields and dialogs. */
export function onKey(key: string, act: () => void): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat)
      return;
    if (isTyping(event.target) || document.querySelector('dialog[open]') || !areKeysOn()) return;
    event.preventDefault();
    act();
  });
}
