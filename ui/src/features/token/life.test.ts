import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { chosen, lifetime, seconds, start } from "./choices";
import { life, place } from "./life";
import TokenText from "./TokenText.svelte";

const times = { issued: 1000, notBefore: 1000, expires: 1300 };

test("says what is left in words, and turns late in the last fifth", () => {
  expect(life(times, 1051)).toMatchObject({ state: "alive", words: "4 min 9 s left" });
  expect(life(times, 1241)).toMatchObject({ state: "late", words: "59 s left" });
  expect(life(times, 1303)).toMatchObject({ state: "over", share: 0, words: "expired 3 s ago" });
  expect(life({ ...times, notBefore: 1060 }, 1050)).toMatchObject({ state: "early", words: "starts in 10 s" });
  expect(life({ issued: null, notBefore: null, expires: null }, 0)).toMatchObject({ state: "none" });
});

test("what is spoken changes by the minute, not by the second", () => {
  expect(life(times, 1051).spoken).toBe(life(times, 1055).spoken);
  expect(life(times, 1051).spoken).toBe("expires in 4 minutes");
});

test("the server's clock has its place on the bar", () => {
  expect(place(times, 1150)).toBe(0.5);
  expect(place(times, 900)).toBe(1);
  expect(place(times, 9999)).toBe(0);
  expect(place({ ...times, expires: null }, 1150)).toBeNull();
});

test("knows the preset and the start that a draft has", () => {
  const offered = [{ seconds: 300, label: "5 min", words: "" }];
  expect(lifetime(times, 1000)).toBe(300);
  // However long ago it begins, a lifetime counts from signing on.
  expect(chosen(offered, { ...times, notBefore: 970 }, 1000)?.label).toBe("5 min");
  expect(chosen(offered, { ...times, expires: 1304 }, 1000)).toBeNull();
  expect(start(times, 1031)).toBe(30);
  expect(start(times, 1015)).toBeNull();
});

test("reads a lifetime as people write it", () => {
  expect(["45", "45 s", "10m", "2 h", "1d"].map(seconds)).toEqual([45, 45, 600, 7200, 86_400]);
  expect(["0", "-5", "ten", "5 weeks", ""].map(seconds)).toEqual([null, null, null, null, null]);
});

test("draws each part and marks within the payload", () => {
  const { container } = render(TokenText, {
    ribbon: { header: "hhhh", payload: "pppmmmppp", signature: null, dim: false },
    marked: { start: 3, end: 6 },
  });
  expect(container.querySelector("mark")).toHaveTextContent("mmm");
  expect(container.querySelector("p")).toHaveTextContent("hhhh.pppmmmppp.not signed");
  expect(screen.getByText("not signed")).toBeInTheDocument();
});

test("a dimmed token has no mark: it is not the token of these claims", () => {
  const { container } = render(TokenText, {
    ribbon: { header: "h", payload: "pppmmmppp", signature: "s", dim: true },
    marked: { start: 3, end: 6 },
  });
  expect(container.querySelector("mark")).toBeNull();
});
