/** A person as one source knows them, in words: `customer:123` is “the customer 123”. */
export type KeyWords = {
  readonly words: string;
  /** The id that follows, short enough to be read; empty where there is none to tell. */
  readonly id: string;
  /** The id in full, where it was cut. */
  readonly whole: string | null;
};

const LONG = 20;
const SHOWN = 8;
const WORDS: Readonly<Record<string, string>> = {
  customer: 'the customer',
  visitor: 'a browser',
  claimant: 'a browser as the user',
  user: 'the user',
  user_id: 'the user',
  email: 'the address',
  phone: 'the number',
  person: 'somebody noted by hand',
  erased: 'somebody erased',
};
/** Kinds whose id says nothing to anybody. */
const NAMELESS = ['person', 'erased'];
/** Ids that people know things by stay whole. */
const READ = ['email', 'phone'];

/** What a source calls somebody, as people say it. Ids that only machines read are cut to their first letters. */
export function keyWords(key: string): KeyWords {
  const [kind = '', ...rest] = key.split(':');
  // Of a browser and whom it claims to be, the latter is what people know.
  const id = (kind === 'claimant' ? rest.slice(1) : rest).join(':');
  if (id === '') return { words: 'the person', id: key, whole: null };
  const words = (Object.hasOwn(WORDS, kind) ? WORDS[kind] : undefined) ?? `the ${kind.replaceAll('_', ' ')}`;
  if (NAMELESS.includes(kind)) return { words, id: '', whole: null };
  const isCut = id.length > LONG && !READ.includes(kind);
  return { words, id: isCut ? `${id.slice(0, SHOWN)}…` : id, whole: isCut ? id : null };
}
