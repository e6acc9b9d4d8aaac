/** One step of the set-up text shown to the owner; `copy` names what the step needs at hand. */
export type SetupStep = {
  readonly text: string;
  readonly copy?: 'url' | 'key' | 'secret' | 'snippet' | 'form';
  /** A program or command to take as it stands; `{url}`, its `{origin}` and `{host}`, `{key}` and `{secret}` stand for those of the source. */
  readonly code?: string;
};
