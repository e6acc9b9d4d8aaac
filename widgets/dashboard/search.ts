/** `/` goes to the search field, wherever there is one. */
import { onKey } from './parts/keys.ts';

onKey('/', () => {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  if (!field) return;
  field.focus();
  field.select();
});
