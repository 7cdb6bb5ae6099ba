import { afterEach, expect, test } from "vitest";

import { keepFocus } from "./focus";

let stop = () => {};
afterEach(() => stop());

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("the screen has the focus when what had it is gone, and never takes it from what has it", async () => {
  document.body.innerHTML = "<main><button id=a>A</button><button id=b>B</button></main>";
  const main = document.querySelector("main");
  const [a, b] = [...document.querySelectorAll("button")];
  stop = keepFocus();
  expect(document.activeElement).toBe(main);

  a?.focus();
  b?.remove();
  await settled();
  expect(document.activeElement).toBe(a);
  a?.remove();
  await settled();
  expect(document.activeElement).toBe(main);
});

test("a screen that comes late gets the focus, and a person who left a field is let alone", async () => {
  document.body.innerHTML = "<main><input></main>";
  stop = keepFocus();
  document.querySelector("main")?.remove();
  await settled();
  const next = document.createElement("main");
  next.innerHTML = "<input>";
  document.body.append(next);
  await settled();
  expect(document.activeElement).toBe(next);

  next.querySelector("input")?.focus();
  next.querySelector("input")?.blur();
  next.append("changed");
  await settled();
  expect(document.activeElement).toBe(document.body);
});
