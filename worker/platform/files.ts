/** A file that is kept: its bytes as a stream and their number. */
export type KeptFile = { readonly body: ReadableStream; readonly size: number };

/** Where bytes too large for the database are kept: what is needed of an R2 bucket. */
export interface Files {
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown>;
  get(key: string): Promise<KeptFile | null>;
  /** Bears repetition; at most 1,000 at a time. */
  delete(keys: string[]): Promise<unknown>;
}
