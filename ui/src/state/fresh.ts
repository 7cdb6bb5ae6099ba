/** What begins anew each time something is opened, such as the fields of a dialog. */
import { untrack } from "svelte";

/** For a `$derived` that is written to: `make` again whenever `opening` is another. What else `make` reads changes nothing. */
export function fresh<T>(_opening: unknown, make: () => T): T {
  return untrack(make);
}
