import { vi } from "vitest";

/**
 * Stops `performance.now` at a whole second, so that sums with it are exact. A running clock reads fractions: such a fraction
 * plus 2,500 minus the fraction is 2,499.999… in one run of forty, and rounds to another word.
 */
export function stopClock() {
  return vi.spyOn(performance, "now").mockReturnValue(Math.ceil(performance.now() / 1000) * 1000);
}
