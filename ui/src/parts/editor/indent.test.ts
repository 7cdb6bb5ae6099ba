import { expect, test } from "vitest";

import { indented, isJson } from "./indent";

test("lays out without touching a character of a value", () => {
  expect(indented('{"a":[1,2.50,12345678901234567890],"b":"x,{\\"y\\":1}","a":{}}')).toBe(
    '{\n  "a": [\n    1,\n    2.50,\n    12345678901234567890\n  ],\n  "b": "x,{\\"y\\":1}",\n  "a": {}\n}',
  );
});

test("keeps what is empty on one line", () => {
  expect(indented('{"a":[ ],"b":{\n}}')).toBe('{\n  "a": [],\n  "b": {}\n}');
});

test("is the same again for what is laid out", () => {
  const laid = indented('{"a":{"b":[true,null]}}');
  expect(indented(laid)).toBe(laid);
});

test("knows JSON", () => {
  expect(isJson("{}")).toBe(true);
  expect(isJson("<html>")).toBe(false);
});
