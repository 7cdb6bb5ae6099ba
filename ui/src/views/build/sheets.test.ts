import { undo } from "@codemirror/commands";
import { EditorView } from "@codemirror/view";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import { gr4vy } from "../../host/fake/data";
import { order } from "../../host/fake/sheets";
import { useBuild } from "../../state/build.svelte";
import { setUp } from "../../testing/workbench";
import Build from "../Build.svelte";

async function build(sheets = gr4vy.sheets) {
  const host = new FakeHost({ providers: [{ ...gr4vy, sheets }] });
  const workbench = setUp(host);
  await workbench.desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  workbench.desk.go({ profile: "Acme · Gr4vy", environment: "local" });
  const { container } = render(Build, { context: workbench.context });
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Claims editor" })).toBeInTheDocument());
  const editor = EditorView.findFromDOM(container.querySelector(".cm-editor") as HTMLElement) as EditorView;
  const state = useBuild(workbench.desk);
  await waitFor(() => expect(state.reading).not.toBeNull());
  const user = userEvent.setup();
  const open = async (item: RegExp) => {
    await user.click(screen.getByRole("button", { name: "Presets…" }));
    await user.click(await screen.findByRole("menuitem", { name: item }));
    return within(await screen.findByRole("dialog"));
  };
  const write = async (label: HTMLElement, text: string) => {
    await user.clear(label);
    await user.type(label, text);
  };
  return { host, state, editor, user, open, write, text: () => editor.state.doc.toString() };
}

test("a sheet begins with what the claims have, says what an amount means, and one undo takes it back", async () => {
  const { editor, user, open, write, text } = await build();
  const before = text();
  const dialog = await open(/Pin an amount for Embed… Sets the claim embed and its scope/);
  const amount = dialog.getByRole("textbox", { name: "Amount in the smallest unit" });
  expect(amount).toHaveFocus();
  expect(amount).toHaveValue("1299");
  expect(dialog.getByRole("textbox", { name: "Your own id of the buyer" })).toHaveValue("cust-4821");
  expect(dialog.getByText("means £12.99")).toBeVisible();
  await write(amount, "250");
  await waitFor(() => expect(dialog.getByText("means £2.50")).toBeVisible());
  await user.click(dialog.getByRole("button", { name: "Set embed" }));
  await waitFor(() => expect(text()).toContain('"amount": 250'));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  undo(editor);
  expect(text()).toBe(before);
});

test("what a field does not take is said beneath it, and cannot be set", async () => {
  const { user, open, write, text } = await build();
  const before = text();
  const dialog = await open(/Pin an amount/);
  await write(dialog.getByRole("textbox", { name: "Currency" }), "gb");
  expect(dialog.getByRole("textbox", { name: "Currency" })).toHaveValue("GB");
  expect(await dialog.findByText("Three capital letters, as GBP.")).toBeVisible();
  await waitFor(() => expect(dialog.getByRole("button", { name: "Set embed" })).toBeDisabled());
  await write(dialog.getByRole("textbox", { name: "Amount in the smallest unit" }), "12.99");
  expect(await dialog.findByText("Whole digits only, as 1299 for 12.99.")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(text()).toBe(before);
});

test("a claim is taken out with its scope, and an id that is pasted is set", async () => {
  const { user, open, write, text } = await build();
  await user.click((await open(/Pin an amount/)).getByRole("button", { name: "Take embed out" }));
  await waitFor(() => expect(text()).not.toContain("embed"));
  const dialog = await open(/Tie to a checkout session… Sets the claim checkout_session_id/);
  expect(dialog.queryByRole("button", { name: "Take the id out" })).toBeNull();
  expect(dialog.getByText(/^Sends POST \/checkout\/sessions to Local/)).toBeVisible();
  await write(dialog.getByRole("textbox", { name: "Session id" }), "nonsense");
  expect(await dialog.findByText(/^A UUID, as /)).toBeVisible();
  await write(dialog.getByRole("textbox", { name: "Session id" }), "4137b1cf-39ac-42a8-bad6-1c680d5dab6b");
  await waitFor(() => expect(dialog.getByRole("button", { name: "Use this id" })).toBeEnabled());
  await user.keyboard("{Enter}");
  await waitFor(() => expect(text()).toContain('"checkout_session_id": "4137b1cf-39ac-42a8-bad6-1c680d5dab6b"'));
});

test("why a call made no value stands in the sheet, and what comes after it was closed is dropped", async () => {
  const { host, user, open, text } = await build();
  const before = text();
  host.answer("sheet_create", () => ({
    value: null,
    problem: { code: "rule", message: "Signed in, but this token lacks checkout-sessions.write.", hint: "Add the scope and send again." },
  }));
  const dialog = await open(/Tie to a checkout session/);
  await user.click(dialog.getByRole("button", { name: "Create a session" }));
  expect(await dialog.findByText(/lacks checkout-sessions.write/)).toBeVisible();
  let answer: () => void = () => undefined;
  host.answer(
    "sheet_create",
    () => new Promise((done) => (answer = () => done({ value: "4137b1cf-39ac-42a8-bad6-1c680d5dab6b", problem: null }))),
  );
  await user.click(dialog.getByRole("button", { name: "Create a session" }));
  expect(dialog.getByRole("button", { name: "Creating…" })).toBeDisabled();
  await user.keyboard("{Escape}");
  answer();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(text()).toBe(before);
});

test("a sheet of another definition is filled in without a word of it in the page", async () => {
  const { host, user, open, write, text } = await build([order]);
  const dialog = await open(/Pin an order… Sets the claim order and its scope/);
  expect((await axe.run(screen.getByRole("dialog"), { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);
  await write(dialog.getByRole("textbox", { name: "Total in the smallest unit" }), "990");
  await user.click(dialog.getByRole("combobox", { name: /^Capture/ }));
  await user.click(await screen.findByRole("option", { name: "later" }));
  await write(dialog.getByRole("textbox", { name: "Name 1" }), "team");
  await write(dialog.getByRole("textbox", { name: "Text 1" }), "north");
  await write(dialog.getByRole("textbox", { name: "Name 2" }), "x");
  await user.click(dialog.getByRole("button", { name: "Remove x" }));
  await user.click(dialog.getByRole("button", { name: "Set order" }));
  await waitFor(() => expect(text()).toContain('"labels": {\n      "team": "north"'));
  expect(host.asked("draft_edit").at(-1)?.edit).toEqual({
    set: "sheet",
    claim: "order",
    filled: ["990", "EUR", "later", [["team", "north"]]],
  });
  expect(text()).toContain("orders.pay");
});
