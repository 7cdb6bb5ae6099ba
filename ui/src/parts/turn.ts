let last = Promise.resolve();

/** Lets what waits, such as typing and painting, go first; and of those who call it, one at a time. */
export function turn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setTimeout(resolve)));
  return last;
}
