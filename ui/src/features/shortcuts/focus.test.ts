import { afterEach, beforeEach, expect, test } from "vitest";

import { keepFocus } from "./focus";

let stop: () => void;
const get = (id: string) => document.getElementById(id) as HTMLElement;
const settled = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  document.body.innerHTML = `
    <main tabindex="-1"><section data-pane id="pane"><button id="row">row</button><button id="other">other</button></section></main>
    <div id="toast"><button id="undo">undo</button></div>
    <div role="dialog" id="dialog"><div id="form"><button id="go">go</button></div></div>`;
  stop = keepFocus();
});
afterEach(() => {
  stop();
  document.body.innerHTML = "";
});

test("what had the focus is gone: the pane it was in has it", async () => {
  get("row").focus();
  get("row").remove();
  await settled();
  expect(get("pane")).toHaveFocus();
});

test("what had it can no longer be pressed: the same", async () => {
  get("row").focus();
  get("row").setAttribute("disabled", "");
  await settled();
  expect(get("pane")).toHaveFocus();
});

test("within a dialog it stays there", async () => {
  get("row").focus();
  get("go").focus();
  get("form").replaceChildren();
  await settled();
  expect(get("dialog")).toHaveFocus();
});

test("from a message it goes back to where it came from", async () => {
  get("other").focus();
  get("undo").focus();
  get("toast").remove();
  await settled();
  expect(get("other")).toHaveFocus();
});

test("the pane is gone too: the screen has it", async () => {
  get("row").focus();
  get("pane").remove();
  await settled();
  expect(document.querySelector("main")).toHaveFocus();
});

test("who left it on purpose, or went elsewhere, is not followed", async () => {
  get("row").focus();
  get("row").blur();
  get("other").remove();
  await settled();
  expect(document.body).toHaveFocus();

  get("row").focus();
  get("go").focus();
  get("row").remove();
  await settled();
  expect(get("go")).toHaveFocus();
});
