/** The second hand: reads like a value, ticks only while something on the screen shows it. */
import { createSubscriber } from "svelte/reactivity";

class Clock {
  #ticking = createSubscriber((update) => {
    const timer = setInterval(update, 1_000);
    return () => clearInterval(timer);
  });

  /** Seconds since 1970. */
  get now(): number {
    this.#ticking();
    return Date.now() / 1000;
  }

  /** Seconds that have passed, for spans: nobody sets this one back. */
  get passed(): number {
    this.#ticking();
    return passed();
  }
}

/** The same at one moment. */
export const passed = () => performance.now() / 1000;

export const clock = new Clock();
