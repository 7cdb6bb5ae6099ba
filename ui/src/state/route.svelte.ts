/** Which screen is open, with what, and the way back. */
import { context } from "./context";

export const SCREENS = ["build", "inspect", "keys", "profiles", "settings"] as const;
export type Screen = (typeof SCREENS)[number];
export type Params = Record<string, string>;
interface Stop {
  screen: Screen;
  params: Params;
}

export class Route {
  #stops = $state.raw<Stop[]>([]);
  #at = $state(0);

  #stop = $derived(this.#stops[this.#at] as Stop);
  screen = $derived(this.#stop.screen);
  params = $derived(this.#stop.params);
  canGoBack = $derived(this.#at > 0);
  canGoForward = $derived(this.#at < this.#stops.length - 1);

  /** What the stop beside this one has under a name, if it is of the same screen: first the one that was come back from. */
  beside(name: string): string | null {
    const stops = [this.#stops[this.#at + 1], this.#stops[this.#at - 1]];
    return stops.find((stop) => stop?.screen === this.screen && name in stop.params)?.params[name] ?? null;
  }

  /** What the latest visit of this screen that had something under a name had there: one comes back to what one looked at. */
  lately(name: string): string | null {
    const before = this.#stops.slice(0, this.#at + 1).reverse();
    return before.find(({ screen, params }) => screen === this.screen && name in params)?.params[name] ?? null;
  }

  constructor(screen: Screen = "build") {
    this.reset(screen);
  }

  readonly #taken = new WeakSet<Params>();

  /** Going where one already is with the same params adds no stop, but brings them once more. */
  go(screen: Screen, params: Params = {}) {
    if (screen === this.screen && JSON.stringify(params) === JSON.stringify(this.params)) {
      if (Object.keys(params).length > 0) this.#stops = this.#stops.map((stop, at) => (at === this.#at ? { screen, params } : stop));
      return;
    }
    const behind = this.#stops.slice(Math.max(0, this.#at + 1 - LONGEST), this.#at + 1);
    this.#stops = [...behind, { screen, params }];
    this.#at = behind.length;
  }

  /**
   * What came with this visit of a screen, to be done once: who comes back to it later finds nothing to do again. A screen that is
   * about to go hears of the next visit before the next screen does, and takes nothing of it.
   */
  take(screen: Screen): Params {
    const { params } = this;
    if (screen !== this.screen || this.#taken.has(params)) return {};
    this.#taken.add(params);
    return params;
  }

  back() {
    if (this.canGoBack) this.#at -= 1;
  }

  forward() {
    if (this.canGoForward) this.#at += 1;
  }

  /** Forgets the way here: params may hold what a locked vault must not show. */
  reset(screen: Screen = "build") {
    this.#stops = [{ screen, params: {} }];
    this.#at = 0;
  }
}

const LONGEST = 100;

export const routeContext = context<Route>("route");
export const useRoute = routeContext.use;
