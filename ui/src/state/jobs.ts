let last = 0;

/** An id for a call that can be cancelled. No two calls of this window have the same. */
export function nextJob(): number {
  last += 1;
  return last;
}
