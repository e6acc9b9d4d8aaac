import { DIRECTION_OPTIONS, KIND_OPTIONS } from '../contact-words.ts';
import { RadioChips } from './contact-fields.tsx';

const KIND_LABELS = JSON.stringify(Object.fromEntries(KIND_OPTIONS.map(({ value, label }) => [value, label])));

/** Somebody who is not known yet: at least one of the two addresses. */
function StrangerFields() {
  return (
    <fieldset class="stack" data-part="stranger" hidden>
      <legend class="visually-hidden">Somebody new</legend>
      <div class="log-grid">
        <div class="field">
          <label for="ql-name">Name</label>
          <input id="ql-name" data-part="name" maxLength={200} dir="auto" autocomplete="off" />
        </div>
        <div class="field">
          <label for="ql-email">E-mail</label>
          <input id="ql-email" data-part="email" type="email" autocomplete="off" />
        </div>
        <div class="field">
          <label for="ql-phone">or phone</label>
          <input id="ql-phone" data-part="phone" type="tel" autocomplete="off" aria-describedby="ql-phone-hint" />
          <p class="hint" id="ql-phone-hint">
            With the country code.
          </p>
        </div>
      </div>
    </fieldset>
  );
}

function LogDialog() {
  return (
    <dialog id="quick-log" class="quick" aria-labelledby="ql-title" data-kinds={KIND_LABELS}>
      <form class="stack" data-part="form" novalidate>
        <h2 id="ql-title">Log a contact</h2>
        <div class="field combo">
          <label for="ql-who">With whom</label>
          <input
            id="ql-who"
            data-part="who"
            role="combobox"
            aria-expanded="false"
            aria-controls="ql-list"
            aria-autocomplete="list"
            aria-describedby="ql-who-hint"
            autocomplete="off"
            maxLength={100}
            dir="auto"
          />
          <div id="ql-list" data-part="list" role="listbox" aria-label="Customers" hidden />
          <p class="hint" id="ql-who-hint">
            Name, address, phone or order number; then choose with the arrow keys and Enter.
          </p>
          <p class="visually-hidden" role="status" data-part="told" />
        </div>
        <StrangerFields />
        <div class="field">
          <label for="ql-line">What happened</label>
          <textarea
            id="ql-line"
            data-part="line"
            rows={3}
            maxLength={5000}
            dir="auto"
            aria-describedby="ql-line-hint"
          />
          <p class="hint" id="ql-line-hint">
            A sentence, or “call 12m asked about the invoice”. Enter saves, Shift and Enter begin a new line.
          </p>
          <p class="muted" role="status" data-part="understood" dir="auto" />
        </div>
        <RadioChips name="ql-direction" legend="Who began" value="in" options={DIRECTION_OPTIONS} />
        <p class="fault" role="alert" data-part="fault" hidden />
        <div class="row">
          <button type="submit">Save to the record</button>
          <button type="button" class="quiet" data-part="close">
            Not now
          </button>
        </div>
      </form>
    </dialog>
  );
}

const KEYS = [
  ['l', 'Log a contact'],
  ['/', 'Go to the search field'],
  ['?', 'Show these keys'],
  ['Esc', 'Close a dialog'],
] as const;

function KeysDialog() {
  return (
    <dialog id="keys" class="quick" aria-labelledby="keys-title">
      <div class="stack">
        <h2 id="keys-title">Keyboard</h2>
        <dl class="keys">
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <label class="row">
          <input type="checkbox" data-part="toggle" checked />
          Use single keys on these pages
        </label>
        <button type="button" class="quiet" data-part="close">
          Close
        </button>
      </div>
    </dialog>
  );
}

/** The dialogs that a key opens on every page of the staff: templates, of which the script makes one when it is asked for. */
export function Dialogs() {
  return (
    <>
      <template id="dialogs">
        <LogDialog />
        <KeysDialog />
      </template>
      <p class="said" role="status" data-said />
    </>
  );
}
