/** A thing that the whole tree of components shares, found by its name. */
import { getContext } from "svelte";

export interface Context<T> {
  key: symbol;
  /** Only while a component is being made. */
  use: () => T;
}

export function context<T>(name: string): Context<T> {
  const key = Symbol(name);
  return {
    key,
    use() {
      const shared = getContext<T | undefined>(key);
      if (shared === undefined) throw new Error(`no ${name} was handed to this tree of components`);
      return shared;
    },
  };
}
