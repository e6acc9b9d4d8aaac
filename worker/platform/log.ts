/** One line of JSON a happening. The only place that writes to the console; never given a secret, a body or an address. */
export function log(event: string, facts: Record<string, string | number | boolean | null> = {}): void {
  console.log(JSON.stringify({ event, ...facts }));
}

/** Logs a surprise with its stack, and gives the id that the user sees beside "something went wrong". */
export function logError(error: unknown): string {
  const id = crypto.randomUUID();
  console.error(
    JSON.stringify({
      event: 'error',
      id,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
  return id;
}
