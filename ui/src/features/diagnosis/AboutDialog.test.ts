import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import { openWindow, stumbles, unlock } from "../../testing/door";

async function opened() {
  const window = openWindow();
  await unlock(window);
  await window.user.click(screen.getByRole("button", { name: /^Keywright \d/ }));
  return { ...window, dialog: await screen.findByRole("dialog", { name: "About and diagnosis" }) };
}

test("says what is the matter, and what to do about it", async () => {
  const { dialog } = await opened();

  expect(await within(dialog).findByText("Something does not work.")).toBeVisible();
  expect(within(dialog).getByText("install fonts-dejavu-core, or any other")).toBeVisible();
  expect(within(dialog).getByText(/no keychain can be reached/)).toHaveTextContent("worth knowing: there is no session bus");
  expect(await stumbles()).toEqual([]);
});

test("is copied and saved as the text that is shown, and looked at anew", async () => {
  const { dialog, host, user } = await opened();
  await within(dialog).findByText("Something does not work.");

  await user.click(within(dialog).getByRole("button", { name: "Copy" }));
  expect(host.asked("clipboard_copy")).toEqual([{ text: expect.stringContaining("no keychain can be reached"), what: "plain" }]);

  await user.click(within(dialog).getByRole("button", { name: "Save…" }));
  expect(await screen.findByText("Saved to /home/ada/keywright-diagnosis.txt.")).toBeVisible();

  await user.click(within(dialog).getByRole("button", { name: "Look again" }));
  await waitFor(() => expect(host.asked("diagnosis_show")).toHaveLength(2));
});

test("says in its place why it was not saved", async () => {
  const { dialog, host, user } = await opened();
  await within(dialog).findByText("Something does not work.");
  host.answer("diagnosis_save", () => {
    throw { code: "system", message: "/media/stick: the disk is full", hint: "choose another folder", findings: [] };
  });

  await user.click(within(dialog).getByRole("button", { name: "Save…" }));
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("the disk is full");
});

test("is there before the vault is open, where it is wanted most", async () => {
  const { user } = openWindow();
  await user.click(screen.getByRole("button", { name: /^Keywright \d/ }));

  expect(await screen.findByText("Something does not work.")).toBeVisible();
  expect(screen.getByRole("dialog", { name: "About and diagnosis" })).toBeVisible();
});

test("a run that was not closed is said at the next start, quietly", async () => {
  const host = new FakeHost();
  host.world.start = { ...host.world.start, cutOff: true };
  const { user } = openWindow(host);

  await user.click(screen.getByRole("button", { name: "Keywright was not closed last time" }));
  expect(await screen.findByRole("dialog", { name: "About and diagnosis" })).toBeVisible();
});
