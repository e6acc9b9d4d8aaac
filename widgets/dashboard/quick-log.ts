/**
 * Logging a contact from anywhere: `l`, or "Log a contact" in the navigation, opens a dialog. Without it the link leads to a
 * page that does the same. What was typed stays until it is saved.
 */
import { readShorthand } from '../../schema/hand-contact.ts';
import { areKeysOn, onKey, setKeys } from './parts/keys.ts';
import { type Choice, choosePeople, type Person } from './parts/people.ts';

const said = document.querySelector<HTMLElement>('[data-said]');

const part = <T extends HTMLElement>(root: HTMLElement, name: string): T => {
  const found = root.querySelector<T>(`[data-part="${name}"]`);
  if (!found) throw new Error(`the dialog has no ${name}`);
  return found;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What a refusal says, in its own words. */
async function faultOf(response: Response): Promise<string> {
  if (response.status === 401) return 'You are signed out. Sign in in another tab, then save again.';
  const problem: unknown = await response.json().catch(() => null);
  const errors = isRecord(problem) && Array.isArray(problem.errors) ? problem.errors.filter(isRecord) : [];
  const messages = errors.map(({ message }) => String(message));
  if (messages.length > 0) return [...new Set(messages)].join(' ');
  return `It could not be saved (${response.status}). Save again: it is stored once.`;
}

/** A dialog of the page's templates. */
function dialogOf(id: string): HTMLDialogElement {
  const template = document.querySelector<HTMLTemplateElement>('template#dialogs');
  const box = template?.content.querySelector<HTMLDialogElement>(`#${id}`)?.cloneNode(true);
  if (!(box instanceof HTMLDialogElement)) throw new Error(`the page has no dialog ${id}`);
  document.body.append(box);
  // A closed dialog may keep the focus where nothing had it before: keys pressed then would be taken for typing.
  box.addEventListener('close', () => {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && box.contains(activeElement)) activeElement.blur();
  });
  return box;
}

/** The customer whose record is open, to begin with. */
function personHere(): Person | null {
  const id = /^\/customers\/([\w-]+)$/.exec(location.pathname)?.[1];
  const name = document.querySelector('main h1')?.textContent;
  return id && name ? { id, name } : null;
}

/** Makes the dialog; gives what opens it. */
function quickLog(): () => void {
  const box = dialogOf('quick-log');
  const form = part<HTMLFormElement>(box, 'form');
  const who = part<HTMLInputElement>(box, 'who');
  const line = part<HTMLTextAreaElement>(box, 'line');
  const stranger = part<HTMLFieldSetElement>(box, 'stranger');
  const name = part<HTMLInputElement>(box, 'name');
  const email = part<HTMLInputElement>(box, 'email');
  const phone = part<HTMLInputElement>(box, 'phone');
  const understood = part(box, 'understood');
  const fault = part(box, 'fault');
  const told = part(box, 'told');
  const kinds: unknown = JSON.parse(box.dataset.kinds ?? '{}');
  let choice: Choice | null = null;
  let messageId = crypto.randomUUID();
  let isSaving = false;

  const fail = (words: string, at?: HTMLElement): void => {
    fault.textContent = words;
    fault.hidden = words === '';
    if (words !== '') at?.focus();
  };
  const choose = (next: Choice | null): void => {
    choice = next;
    stranger.hidden = !next || 'person' in next;
    fail('');
    if (!next) return;
    if ('person' in next) {
      line.focus();
      return;
    }
    const isAddress = next.typed.includes('@');
    name.value = isAddress ? '' : next.typed;
    email.value = isAddress ? next.typed : '';
    (isAddress ? name : email).focus();
  };
  const people = choosePeople(who, part(box, 'list'), choose, (words) => {
    told.textContent = words;
  });
  const explain = (): void => {
    const { kind, minutes, text } = readShorthand(line.value);
    const label = isRecord(kinds) ? String(kinds[kind ?? 'note_added'] ?? '') : '';
    const length = minutes === null ? '' : `, ${minutes} min`;
    understood.textContent =
      line.value.trim() === '' ? '' : `Will be saved as: ${label}${length}${text ? `: “${text}”` : ''}`;
  };

  function contact(): Record<string, unknown> {
    const { kind, minutes, text } = readShorthand(line.value);
    const direction = new FormData(form).get('ql-direction');
    return { messageId, kind: kind ?? 'note_added', text, direction, ...(minutes !== null && { minutes }) };
  }
  /** What to send where; null after saying what is missing. */
  function request(): { readonly path: string; readonly body: unknown } | null {
    if (!choice) {
      fail('Choose the customer from the list, or add somebody new.', who);
      return null;
    }
    if (readShorthand(line.value).text === '') {
      fail('Write a word about what was said.', line);
      return null;
    }
    if ('person' in choice) return { path: `/customers/${choice.person.id}/touchpoints`, body: contact() };
    const [mail, number] = [email.value.trim(), phone.value.trim()];
    const person = { name: name.value.trim(), ...(mail && { email: mail }), ...(number && { phone: number }) };
    return { path: '/customers', body: { person, contact: contact() } };
  }
  function done(id: string, whose: string): void {
    box.close();
    messageId = crypto.randomUUID();
    line.value = '';
    if (location.pathname === `/customers/${id}`) {
      location.assign(`/customers/${id}?done=logged`);
      return;
    }
    const link = document.createElement('a');
    link.href = `/customers/${id}`;
    link.textContent = whose;
    link.dir = 'auto';
    said?.replaceChildren('Saved to the record of ', link, '.');
  }
  async function save(): Promise<void> {
    const sent = isSaving ? null : request();
    if (!sent || !choice) return;
    isSaving = true;
    fail('');
    try {
      const response = await fetch(`/api/v1${sent.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(sent.body),
      });
      if (!response.ok) return fail(await faultOf(response), stranger.hidden ? line : email);
      const answer: unknown = await response.json();
      if ('person' in choice) done(choice.person.id, choice.person.name);
      else done(isRecord(answer) ? String(answer.id) : '', name.value.trim());
    } catch {
      fail('The server could not be reached. Save again: it is stored once.', line);
    } finally {
      isSaving = false;
    }
  }
  function open(): void {
    said?.replaceChildren();
    fail('');
    if (line.value.trim() === '') {
      const here = personHere();
      people.show(here);
      choose(here && { person: here });
    }
    explain();
    box.showModal();
    (choice ? line : who).focus();
  }

  line.addEventListener('input', explain);
  line.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void save();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });
  part(box, 'close').addEventListener('click', () => box.close());
  return open;
}

function keysHelp(): () => void {
  const box = dialogOf('keys');
  const toggle = part<HTMLInputElement>(box, 'toggle');
  toggle.addEventListener('change', () => setKeys(toggle.checked));
  part(box, 'close').addEventListener('click', () => box.close());
  return () => {
    toggle.checked = areKeysOn();
    box.showModal();
  };
}

/** Makes a dialog when it is first asked for. */
function onDemand(make: () => () => void): () => void {
  let open: (() => void) | null = null;
  return () => {
    open ??= make();
    open();
  };
}

const openLog = onDemand(quickLog);
const openKeys = onDemand(keysHelp);
onKey('l', openLog);
onKey('?', openKeys);
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-quick-log]'))
  link.addEventListener('click', (event) => {
    // With a modifier it is a link to open elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openLog();
  });
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-keys]')) {
  button.hidden = false;
  button.addEventListener('click', openKeys);
}
