/** Finding a customer by typing: a combobox with a list, as the ARIA Authoring Practices describe it. */

export type Person = { readonly id: string; readonly name: string };
/** `typed` is what stands in the field when somebody new is meant. */
export type Choice = { readonly person: Person } | { readonly typed: string };

const WAIT_MS = 150;
const MOST = 7;

type Found = { readonly id: string; readonly name: string; readonly contact: string | null };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

async function find(q: string, signal: AbortSignal): Promise<Found[]> {
  const query = new URLSearchParams({ limit: String(MOST), ...(q !== '' && { q }) });
  const response = await fetch(`/api/v1/customers?${query}`, { signal });
  if (!response.ok) throw new Error(String(response.status));
  const page: unknown = await response.json();
  const items = isRecord(page) && Array.isArray(page.items) ? page.items.filter(isRecord) : [];
  return items.flatMap((item) => {
    const [id, contact] = [text(item.id), text(item.contact)];
    return id === null ? [] : [{ id, name: text(item.displayName) ?? contact ?? 'No name yet', contact }];
  });
}

function optionOf(index: number, name: string, more: string | null): HTMLElement {
  const option = document.createElement('div');
  option.id = `ql-option-${index}`;
  option.role = 'option';
  option.ariaSelected = 'false';
  const label = document.createElement('span');
  label.dir = 'auto';
  label.textContent = name;
  option.append(label);
  if (more !== null && more !== name) {
    const hint = document.createElement('span');
    hint.className = 'muted';
    hint.textContent = more;
    option.append(' ', hint);
  }
  return option;
}

/** Makes a field choose a person. `chosen` is told of every choice, and null when the choice is taken back by typing. */
export function choosePeople(
  field: HTMLInputElement,
  list: HTMLElement,
  chosen: (choice: Choice | null) => void,
  told: (words: string) => void,
): { readonly show: (person: Person | null) => void } {
  let choices: Choice[] = [];
  let active = -1;
  let timer = 0;
  let running: AbortController | null = null;

  const mark = (index: number): void => {
    active = index;
    for (const [i, option] of [...list.children].entries()) option.ariaSelected = String(i === index);
    const option = list.children[index];
    if (option) field.setAttribute('aria-activedescendant', option.id);
    else field.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  };
  const close = (): void => {
    list.hidden = true;
    field.ariaExpanded = 'false';
    mark(-1);
  };
  const take = (index: number): void => {
    const choice = choices[index];
    if (!choice) return;
    if ('person' in choice) field.value = choice.person.name;
    close();
    chosen(choice);
  };
  const fill = (found: readonly Found[], typed: string): void => {
    choices = [...found.map(({ id, name }) => ({ person: { id, name } })), ...(typed === '' ? [] : [{ typed }])];
    const options = found.map(({ name, contact }, index) => optionOf(index, name, contact));
    if (typed !== '') options.push(optionOf(found.length, `Add “${typed}” as somebody new`, null));
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    field.ariaExpanded = String(options.length > 0);
    mark(typed === '' ? -1 : 0);
    told(found.length === 1 ? '1 customer found' : `${found.length} customers found`);
  };
  const search = async (): Promise<void> => {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    const typed = field.value.trim();
    try {
      fill(await find(typed, signal), typed);
    } catch {
      // An older search that a newer one has ended says nothing.
      if (!signal.aborted) told('The customers cannot be searched now. Try again.');
    }
  };

  field.addEventListener('input', () => {
    chosen(null);
    clearTimeout(timer);
    timer = window.setTimeout(() => void search(), WAIT_MS);
  });
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) {
        void search();
        return;
      }
      const step = key === 'ArrowDown' ? 1 : -1;
      mark((active + step + choices.length) % choices.length);
    } else if (key === 'Enter') {
      event.preventDefault();
      if (!list.hidden && active >= 0) take(active);
    } else if (key === 'Escape' && !list.hidden) {
      // The list alone; the next Escape closes the dialog.
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  field.addEventListener('blur', close);
  // The field keeps the focus, so that a click on an option is not a blur first.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    if (option) take([...list.children].indexOf(option));
  });
  return {
    show: (person) => {
      clearTimeout(timer);
      field.value = person?.name ?? '';
      close();
    },
  };
}
