import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { expect, test, vi } from "vitest";

import { FakeHost } from "../host/fake";
import { setUp } from "../state/workbench";
import { stumbles } from "../testing/door";
import Button from "./Button.svelte";
import Chip from "./Chip.svelte";
import Copyable from "./Copyable.svelte";
import Dialog from "./Dialog.svelte";
import Field from "./Field.svelte";
import Menu from "./Menu.svelte";
import Problem from "./Problem.svelte";
import Segments from "./Segments.svelte";
import Select from "./Select.svelte";
import TierMark from "./TierMark.svelte";
import Verdict from "./Verdict.svelte";

const host = new FakeHost();
const { context, clipboard } = setUp(host, host.world.start);
const text = (words: string) => createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));
const options = [
  { value: "30", label: "30 s" },
  { value: "300", label: "5 min", detail: "Keywright's default" },
  { value: "3600", label: "1 h" },
];

test("Button: its keys are seen but are not part of its name, and Send wears its tier", () => {
  render(Button, { props: { kind: "send", tier: "live", kbd: "Mod+Enter", children: text("Send to LIVE") }, context });

  const button = screen.getByRole("button", { name: "Send to LIVE" });
  expect(button).toHaveTextContent("Ctrl ↵");
  expect(button).toHaveAttribute("data-tier", "live");
  expect(button).toHaveAttribute("type", "button");
});

test("Field: hint and error describe it, and an error makes it invalid", async () => {
  const { rerender } = render(Field, { props: { label: "Gr4vy ID", hint: "In front of .gr4vy.app" }, context });
  const field = screen.getByLabelText("Gr4vy ID");
  expect(field).toHaveAccessibleDescription("In front of .gr4vy.app");
  expect(field).toBeValid();

  await rerender({ error: "An ID has no dots." });
  expect(field).toBeInvalid();
  expect(field).toHaveAccessibleDescription("An ID has no dots. In front of .gr4vy.app");
});

test("Segments: one stop for Tab, arrows choose and go round", async () => {
  const onchange = vi.fn();
  const user = userEvent.setup();
  render(Segments, { props: { label: "Lifetime", value: "3600", options, onchange }, context });

  await user.tab();
  expect(screen.getByRole("radio", { name: "1 h" })).toHaveFocus();
  await user.keyboard("{ArrowRight}");
  expect(screen.getByRole("radio", { name: "30 s" })).toHaveFocus();
  expect(screen.getByRole("radio", { name: "30 s" })).toBeChecked();
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(onchange.mock.calls.flat()).toEqual(["30", "3600", "300"]);
  await user.tab();
  expect(document.body).toHaveFocus();
  expect(await stumbles()).toEqual([]);
});

test("Select: opens and chooses by keys, and is named by its label and its value", async () => {
  const onchange = vi.fn();
  const user = userEvent.setup();
  render(Select, { props: { label: "Lifetime", value: "30", options, onchange }, context });
  const trigger = screen.getByLabelText("Lifetime 30 s");

  trigger.focus();
  await user.keyboard("{Enter}");
  await screen.findByRole("listbox");
  await user.keyboard("{ArrowDown}{Enter}");

  await waitFor(() => expect(onchange.mock.calls).toEqual([["300"]]));
  expect(screen.getByLabelText("Lifetime 5 min")).toBe(trigger);
});

test("Dialog: Escape closes it and gives the focus back", async () => {
  const user = userEvent.setup();
  const onclose = vi.fn();
  const opener = document.body.appendChild(document.createElement("button"));
  opener.focus();
  const { rerender } = render(Dialog, { props: { open: false, title: "Rename key", children: text("Name"), onclose }, context });
  await rerender({ open: true });

  const dialog = await screen.findByRole("dialog", { name: "Rename key" });
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
  expect(await stumbles(dialog)).toEqual([]);

  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(onclose.mock.calls.length).toBe(1);
  await waitFor(() => expect(opener).toHaveFocus());
  opener.remove();
});

const html = (markup: string) => createRawSnippet(() => ({ render: () => markup }));

test.each([
  ["the first field of a form", "<form><p>words</p><button type='button'>x</button><input aria-label='wanted'></form>", null, "wanted"],
  [
    "the radio that is chosen",
    "<div><input type='radio' name='r' aria-label='no'><input type='radio' name='r' checked aria-label='wanted'></div>",
    null,
    "wanted",
  ],
  ["what it is for, without a field", "<p>words</p>", "<button class='btn pri' aria-label='wanted'>Go</button>", "wanted"],
])("Dialog: begins with %s", async (_, body, foot, name) => {
  render(Dialog, { props: { open: true, title: "Asks", children: html(body), ...(foot === null ? {} : { footer: html(foot) }) }, context });
  await waitFor(() => expect(screen.getByLabelText(name)).toHaveFocus());
});

test("Dialog: without anything to press, its text has the focus and not its way out", async () => {
  render(Dialog, { props: { open: true, title: "Says", children: html("<p>words</p>") }, context });
  await waitFor(() => expect(document.activeElement).toContainElement(screen.getByText("words")));
});

test("Menu: arrows and Enter run an action, one that is disabled is passed over", async () => {
  const user = userEvent.setup();
  const [rename, rotate, remove] = [vi.fn(), vi.fn(), vi.fn()];
  const items = [
    { label: "Rename…", onselect: rename },
    { label: "Rotate", disabled: true, onselect: rotate },
    { label: "Delete", danger: true, onselect: remove },
  ];
  render(Menu, { props: { label: "More", items, children: text("More") }, context });
  const trigger = screen.getByRole("button", { name: "More" });

  trigger.focus();
  await user.keyboard("{Enter}");
  expect(await stumbles(await screen.findByRole("menu"))).toEqual([]);
  await user.keyboard("{ArrowDown}{Enter}");

  await waitFor(() => expect(remove.mock.calls.length).toBe(1));
  expect([rename.mock.calls.length, rotate.mock.calls.length]).toEqual([0, 0]);
  await waitFor(() => expect(trigger).toHaveFocus());
});

test("Menu: a choice begins at what is chosen", async () => {
  const user = userEvent.setup();
  const items = ["Local", "Sandbox", "Production"].map((label) => ({ label, checked: label === "Sandbox", onselect: vi.fn() }));
  render(Menu, { props: { label: "Environment", items, children: text("Sandbox") }, context });

  await user.click(screen.getByRole("button", { name: "Environment" }));
  const menu = await screen.findByRole("menu");
  await waitFor(() => expect(within(menu).getByRole("menuitemcheckbox", { name: "Sandbox" })).toHaveFocus());
});

test("Chip: only with something to run can it be removed", async () => {
  const onremove = vi.fn();
  const { rerender } = render(Chip, { props: { text: "buyers.read" } });
  expect(screen.queryByRole("button")).not.toBeInTheDocument();

  await rerender({ onremove });
  await fireEvent.click(screen.getByRole("button", { name: "Remove buyers.read" }));
  expect(onremove.mock.calls.length).toBe(1);
});

test.each([
  ["local", "local", "rect"],
  ["test", "test", "path"],
  ["live", "LIVE", "circle"],
] as const)("TierMark: %s has a word and a shape of its own", (tier, word, shape) => {
  const { container } = render(TierMark, { props: { tier } });
  expect(container).toHaveTextContent(word);
  expect(container.querySelector("svg")?.lastElementChild?.tagName).toBe(shape);
});

test.each([
  ["bad", "alert"],
  ["good", "status"],
  ["care", "status"],
  ["calm", "status"],
] as const)("Verdict: %s is heard as %s", (tone, role) => {
  render(Verdict, { props: { tone, title: "Refused with 401." } });
  expect(screen.getByRole(role)).toHaveTextContent("Refused with 401.");
});

test("Problem: says what, what to do, and what was found", () => {
  const finding = {
    code: "rsa-short",
    severity: "error",
    group: "key",
    message: "the key has 1024 bits",
    source: "RFC 7518, 3.3",
  } as const;
  render(Problem, {
    props: { error: { code: "rule", message: "the key is too short", hint: "make one of 2048 bits", findings: [finding] } },
  });

  expect(screen.getByRole("alert")).toHaveTextContent("The key is too short. Make one of 2048 bits. The key has 1024 bits.");
});

test("Copyable: copies all of it, through the program, which knows when it is cleared", async () => {
  const thumbprint = "ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgndoy8";
  render(Copyable, { props: { text: thumbprint, short: "ohySS9N7", label: "thumbprint" }, context });

  await fireEvent.click(screen.getByRole("button", { name: "Copy thumbprint" }));
  await waitFor(() => expect(host.world.clipboard).toBe(thumbprint));
  expect(clipboard.held).toEqual({ what: "Text", clearsAt: null });
});
