/** Copy buttons beside texts that can also be selected by hand. The buttons appear only where copying works. */

const SAID_MS = 2000;

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = button.parentElement?.querySelector('[data-copy-text]')?.textContent ?? '';
  const label = button.querySelector('[data-copy-label]');
  if (!label) return;
  const isCopied = await navigator.clipboard.writeText(text).then(
    () => true,
    // Permission may be refused; the text is there to be selected.
    () => false,
  );
  label.textContent = isCopied ? 'Copied' : 'Select it and copy';
  setTimeout(() => {
    label.textContent = 'Copy';
  }, SAID_MS);
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false;
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', () => void copy(button));
  }
}
