import { expect, test } from "vitest";

import { errorBody, ERRORS, presentation, sentence } from "./errors";
import type { Code } from "./host/wire";

test.each(Object.keys(ERRORS) as Code[])("%s has a title and words that end", (code) => {
  const { title, message, advice } = presentation({ code, message: "found 2 parts, wanted 3" });

  expect(title).toMatch(/^[A-Z].*\.$/);
  expect(message).toBe("Found 2 parts, wanted 3.");
  expect(advice ?? "Nothing.").toMatch(/\.$/);
});

test("an error whose kind says nothing of it is its own title, once", () => {
  const { title, message } = presentation({ code: "malformed", message: "there is no token for Local at Hedge Payments yet" });
  expect([title, message]).toEqual(Array(2).fill("There is no token for Local at Hedge Payments yet."));
});

test("the error's own hint comes before the general advice", () => {
  expect(presentation({ code: "taken", message: "x", hint: "call it checkout-2" }).advice).toBe("Call it checkout-2.");
});

test("leaves an end that is there", () => {
  expect(["is it?", "wait…", "done."].map(sentence)).toEqual(["Is it?", "Wait…", "Done."]);
});

test("an error from elsewhere is shown as the system's", () => {
  expect(errorBody(new TypeError("failed to fetch"))).toEqual({ code: "system", message: "failed to fetch" });
  expect(errorBody({ code: "locked", message: "the vault is locked" }).code).toBe("locked");
});
