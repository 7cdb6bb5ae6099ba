/** That somebody is there: told to the program now and then, so that it does not lock under their hands. */
import type { Host } from "../host/host";
import { context } from "./context";

export class Activity {
  /** When somebody was last heard, in seconds since 1970. */
  last = $state(Date.now() / 1000);

  #host: Host;
  #told = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A key or the pointer was used. */
  heard() {
    const now = Date.now() / 1000;
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
