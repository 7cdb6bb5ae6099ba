/** An imported key brings no date of its own: the person says when it was made, or that they do not know. */
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { stumbles } from "../testing/door";
import { openView } from "../testing/view";
import Keys from "./Keys.svelte";

async function importing() {
  const opened = await openView(Keys, { screen: "keys" });
  await opened.user.click(screen.getByRole("button", { name: "Import" }));
  await opened.user.click(await screen.findByRole("menuitem", { name: /^From a file/ }));
  return { ...opened, dialog: within(await screen.findByRole("dialog")) };
}

test("the date of its file is offered", async () => {
  const { user, host, dialog } = await importing();
  expect(await dialog.findByRole("combobox", { name: /^When was it made\? .*, as its file says$/ })).toBeVisible();
  expect(await stumbles()).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Keep it" }));
  await waitFor(() => expect(host.asked("import_keep")).toHaveLength(1));
  expect(host.asked("import_keep")[0]?.made).toBeGreaterThan(0);
});

test("not to know is allowed, and the key then says so", async () => {
  const { user, host, dialog } = await importing();
  await user.click(await dialog.findByRole("combobox", { name: /^When was it made/ }));
  await user.click(await screen.findByRole("option", { name: /^I do not know/ }));
  await user.click(dialog.getByRole("button", { name: "Keep it" }));
  await waitFor(() => expect(host.asked("import_keep")).toMatchObject([{ made: null }]));
  expect(await screen.findByText("nobody knows when")).toBeVisible();
});

test("a day that is typed is one of the past", async () => {
  const { user, host, dialog } = await importing();
  await user.click(await dialog.findByRole("combobox", { name: /^When was it made/ }));
  await user.click(await screen.findByRole("option", { name: "On another day…" }));
  const day = dialog.getByLabelText("The day on which it was made");
  for (const wrong of ["2999-01-01", "2026-02-30", "yesterday!"]) {
    await user.clear(day);
    await user.type(day, wrong);
    expect(dialog.getByText("That is not a day of the past.")).toBeVisible();
    expect(dialog.getByRole("button", { name: "Keep it" })).toBeDisabled();
  }
  await user.clear(day);
  await user.type(day, "2026-01-31");
  await user.click(dialog.getByRole("button", { name: "Keep it" }));
  await waitFor(() => expect(host.asked("import_keep")).toHaveLength(1));
  expect(new Date((host.asked("import_keep")[0]?.made ?? 0) * 1_000).toDateString()).toBe("Sat Jan 31 2026");
});
