/** That somebody is there: told to the program now and then, so that it does not lock under their hands. */
import type { Host } from "../host/host";
import { passed } from "./clock";
import { context } from "./context";

export class Activity {
  /** When somebody was last heard, by the clock of {@link passed}. */
  last = $state(passed());

  #host: Host;
  #told = -Infinity;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A key or the pointer was used. */
  heard() {
    const now = passed();
    if (now - this.#told < EVERY_S) return;
    this.#told = now;
    this.last = now;
    // A ping that comes too late finds a locked vault, which says so by itself.
    this.#host.call("activity", null).catch(() => undefined);
  }
}

const EVERY_S = 10;

export const activityContext = context<Activity>("activity");
export const useActivity = activityContext.use;
