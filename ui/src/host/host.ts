/**
 * What the page may ask of the program, and hear from it: one typed call and one stream of events.
 *
 * It is this narrow so that a test, a browser and the real window differ in one file. `tauri.ts` is the real one.
 */
import type { Answer, Command, Event, Request } from "./wire";

export interface Host {
  /** Rejects with an `ErrorBody`. */
  call<C extends Command>(command: C, request: Request<C>): Promise<Answer<C>>;
  /** Hears every event until the returned function is called. */
  listen(on: (event: Event) => void): () => void;
}
