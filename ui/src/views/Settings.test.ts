import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { read } from "../features/settings/ranges";
import { stumbles } from "../testing/door";
import { openView } from "../testing/view";
import Settings from "./Settings.svelte";

test.each([
  ["lockAfterMinutes", "10", 10],
  ["lockAfterMinutes", " 240 ", 240],
  ["lockAfterMinutes", "0", null],
  ["lockAfterMinutes", "241", null],
  ["clearTokenSeconds", "4", null],
  ["clearTokenSeconds", "1e3", null],
  ["clearSecretSeconds", "15.5", null],
  ["clearSecretSeconds", "", null],
  ["emulatorPort", "8089", 8089],
  ["emulatorPort", "65536", null],
  // Any free one.
  ["emulatorPort", "0", 0],
  ["emulatorPort", "", 0],
] as const)("%s of %j is %j", (setting, text, value) => expect(read(setting, text)).toBe(value));

test("a number is saved when it is left, and put back by undo", async () => {
  const { user, host } = await openView(Settings, { screen: "settings" });
  expect(await stumbles()).toEqual([]);
  const field = screen.getByLabelText("Lock after");
  await user.clear(field);
  await user.type(field, "25");
  expect(host.asked("settings_change")).toEqual([]);
  await user.tab();
  await waitFor(() => expect(host.world.settings.lockAfterMinutes).toBe(25));
  expect(await screen.findByText("Saved")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(host.world.settings.lockAfterMinutes).toBe(10));
  expect(field).toHaveValue("10");
  expect(screen.queryByText("Saved")).toBeNull();
});

test("the emulator's port is chosen, and let go by an empty field", async () => {
  const { user, host } = await openView(Settings, { screen: "settings" });
  const field = screen.getByLabelText("Emulator’s port");
  await user.clear(field);
  await user.type(field, "8089{Enter}");
  await waitFor(() => expect(host.world.settings.emulatorPort).toBe(8089));
  await user.clear(field);
  await user.tab();
  await waitFor(() => expect(host.world.settings.emulatorPort).toBe(0));
  expect(field).toHaveValue("0");
});

test("a number that cannot be is explained in its place and not saved", async () => {
  const { user, host } = await openView(Settings, { screen: "settings" });
  const field = screen.getByLabelText("Take tokens off the clipboard after");
  await user.clear(field);
  await user.type(field, "2{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("A whole number from 5 to 120.");
  expect(field).toBeInvalid();
  expect(host.asked("settings_change")).toEqual([]);
  await user.keyboard("{Escape}");
  expect(field).toHaveValue("45");
});

test("theme and sleep are saved at once; what is refused says so", async () => {
  const host = new FakeHost();
  const { user } = await openView(Settings, { host, screen: "settings" });
  await user.click(screen.getByRole("radio", { name: "Dark" }));
  await waitFor(() => expect(host.asked("appearance_change")).toEqual([{ theme: "dark", textPercent: 100 }]));

  host.answer("settings_change", () => {
    throw { code: "vault", message: "no space is left on the device" };
  });
  await user.click(screen.getByLabelText("Lock when the computer sleeps"));
  expect(await screen.findByRole("alert")).toHaveTextContent("No space is left on the device.");
  expect(screen.getByLabelText("Lock when the computer sleeps")).toBeChecked();
});

test("the passphrase is changed only by who knows it, to one that is strong and typed twice the same", async () => {
  const { user, host, toasts } = await openView(Settings, { screen: "settings" });
  await user.click(screen.getByRole("button", { name: "Change passphrase…" }));
  const dialog = screen.getByRole("dialog");
  const [current, wanted, again] = ["The passphrase now", "The new passphrase", "The new passphrase again"].map((label) =>
    within(dialog).getByLabelText(label),
  ) as [HTMLElement, HTMLElement, HTMLElement];
  const change = () => user.click(within(dialog).getByRole("button", { name: "Change" }));
  expect(await stumbles()).toEqual([]);

  await user.type(current, "wrong");
  await user.type(wanted, "short");
  await user.type(again, "short");
  await change();
  expect(await within(dialog).findByText(/Too weak/)).toBeVisible();
  expect(host.asked("vault_change_passphrase")).toEqual([]);

  await user.type(wanted, " and then much longer");
  await change();
  expect(within(dialog).getByText("The two are not the same.")).toBeVisible();
  await user.type(again, " and then much longer");
  await change();
  expect(await within(dialog).findByText("The passphrase opens no slot of this vault.")).toBeVisible();

  await user.clear(current);
  await user.type(current, host.world.passphrase);
  await change();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(host.world.passphrase).toBe("short and then much longer");
  expect(toasts.shown.at(-1)?.text).toBe("The passphrase is changed");
});

test("a vault that others may read says so", async () => {
  const host = new FakeHost();
  host.world.start = { ...host.world.start, vault: { ...host.world.start.vault, exposed: ["/shared/acme.vault"] } };
  await openView(Settings, { host, screen: "settings" });
  expect(screen.getByRole("alert")).toHaveTextContent("Others on this computer can read this: /shared/acme.vault");
});

test("another vault is asked for before this one is locked", async () => {
  const { user, host, desk } = await openView(Settings);
  host.answer("vault_choose", () => null);
  await user.click(screen.getByRole("button", { name: "Another vault…" }));
  expect([host.asked("vault_choose").length, host.asked("vault_lock").length, desk.unlocked]).toEqual([1, 0, true]);

  host.answer("vault_choose", () => {
    throw { code: "vault", message: "notes.txt is not a vault" };
  });
  await user.click(screen.getByRole("button", { name: "Another vault…" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Notes.txt is not a vault.");
  expect(desk.unlocked).toBe(true);
});

test("a proxy is saved when it is left, and an empty one goes back to the environment's", async () => {
  const { user, host } = await openView(Settings, { screen: "settings" });
  const field = screen.getByLabelText("Proxy");
  await user.type(field, " http://proxy.example.com:8080 ");
  expect(host.asked("settings_change")).toEqual([]);
  await user.tab();
  await waitFor(() => expect(host.world.settings.proxy).toBe("http://proxy.example.com:8080"));
  await user.clear(field);
  await user.type(field, "{Enter}");
  await waitFor(() => expect(host.world.settings.proxy).toBeNull());
});

test("certificates are trusted from a file, and only the system's again", async () => {
  const { user } = await openView(Settings, { screen: "settings" });
  expect(screen.getByText("Those of the system.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Trust a file…" }));
  expect(await screen.findByText("Those of the system, and one of your own.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Only the system’s" }));
  expect(await screen.findByText("Those of the system.")).toBeVisible();
});
