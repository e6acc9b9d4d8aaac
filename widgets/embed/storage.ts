/** Storage can be switched off, full or forbidden, and the page must not notice. */
export function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    // A private window or a browser setting; what was to be kept lives in memory instead.
    return undefined;
  }
}
