/** The parts of a record, by the name each has in it. A new part is a file beside this one and a line here. */
export { attention } from './attention.ts';
export { consent } from './consent.ts';
export { customFields } from './custom-fields.ts';
export { effort } from './effort.ts';
export { firstOrderAt } from './first-order.ts';
export { formerIds } from './former-ids.ts';
export { groups } from './groups.ts';
export { identifiers } from './identifiers.ts';
export { lastContact } from './last-contact.ts';
export { months } from './months.ts';
export { orders } from './orders.ts';
export { profile } from './profile.ts';
export { said } from './said.ts';
export { scores } from './scores.ts';
export { stages } from './stages.ts';
export { suggestions } from './suggestions.ts';
