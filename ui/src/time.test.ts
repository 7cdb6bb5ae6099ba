import { expect, test } from "vitest";

import { ageWords, clockWords, group, spanWords, whenWords } from "./time";

test.each([
  [0, "0 s"],
  [1, "1 s"],
  [59, "59 s"],
  [60, "1 min"],
  [61, "1 min 1 s"],
  [300, "5 min"],
  [3_600, "1 h"],
  [3_601, "1 h"],
  [11_520, "3 h 12 min"],
  [-11_520, "3 h 12 min"],
  [86_400, "1 d"],
  [90_000, "1 d 1 h"],
  [12 * 86_400 + 4_000, "12 d"],
  [31_557_600 * 2 + 86_400 * 40, "2 y 40 d"],
  [31_557_600 * 2_000, "2,000 y"],
])("a span of %d seconds is %s", (seconds, words) => expect(spanWords(seconds)).toBe(words));

test("a time of today is a clock, of this year a day and a clock, else a day and a year", () => {
  const now = new Date(2026, 10, 20, 14, 7, 31).getTime() / 1000;
  expect(whenWords(now, now)).toBe("14:07");
  expect(clockWords(now, true)).toBe("14:07:31");
  expect(whenWords(new Date(2026, 2, 1, 9, 5).getTime() / 1000, now)).toBe("1 Mar, 09:05");
  expect(whenWords(new Date(2024, 2, 1).getTime() / 1000, now)).toBe("1 Mar 2024");
  expect(whenWords(1e300, now)).toBe("?");
});

test("an age counts calendar days", () => {
  const now = new Date(2026, 10, 20, 0, 5).getTime() / 1000;
  expect(ageWords(now - 60, now)).toBe("today");
  expect(ageWords(now - 600, now)).toBe("yesterday");
  expect(ageWords(now - 12 * 86_400, now)).toBe("12 d ago");
  expect(ageWords(now - 800 * 86_400, now)).toBe("2 y ago");
  expect(ageWords(now + 600, now)).toBe("today");
});

test("thousands are grouped", () => expect(group(9_999_000)).toBe("9,999,000"));
