import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { openWindow, stumbles, unlock } from "../testing/door";

const closed = () => screen.getByLabelText<HTMLInputElement>("Passphrase");

test("asks for one thing, and the focus is there", () => {
  openWindow();

  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Acme vault");
  expect(closed()).toHaveFocus();
  expect(closed()).toHaveAttribute("type", "password");
  expect(screen.getByRole("button", { name: "Unlock" })).toBeDisabled();
  expect(screen.getByText("~/.local/share/keywright/acme.vault")).toBeVisible();
});

test("Enter opens the vault and the passphrase is not kept", async () => {
  const window = openWindow();
  await unlock(window);

  expect(window.host.asked("vault_unlock")).toEqual([{ passphrase: window.host.world.passphrase }]);
  expect(screen.queryByLabelText("Passphrase")).not.toBeInTheDocument();
  expect(screen.getByRole("group", { name: /signs as/ })).toHaveTextContent("Sign as Acme · Gr4vy with checkout-2026-11");
});

test("says in its place that the passphrase was wrong, and takes another", async () => {
  const window = openWindow();
  await window.user.type(closed(), "not this one{Enter}");

  expect(await screen.findByText("That passphrase does not open this vault.")).toBeVisible();
  expect(closed()).toHaveAccessibleDescription("That passphrase does not open this vault.");
  expect(closed()).toBeInvalid();

  await window.user.clear(closed());
  expect(screen.queryByText("That passphrase does not open this vault.")).not.toBeInTheDocument();
  await unlock(window);
});

test("takes a pasted passphrase, and shows it when asked", async () => {
  const { user } = openWindow();
  await user.click(closed());
  await user.paste("tram quarry linen oboe");
  await user.click(screen.getByRole("button", { name: "Show passphrase" }));

  expect(closed()).toHaveValue("tram quarry linen oboe");
  expect(closed()).toHaveAttribute("type", "text");
});

test("says who else can reach the file", () => {
  const host = new FakeHost();
  host.world.start = { ...host.world.start, vault: { ...host.world.start.vault, exposed: ["/srv/acme.vault (mode 644)"] } };
  openWindow(host);

  expect(screen.getByRole("alert")).toHaveTextContent("Others on this computer can read this: /srv/acme.vault (mode 644)");
});

test("says that the page before this one ended by itself", () => {
  const host = new FakeHost();
  const at = new Date(2026, 10, 22, 14, 31).getTime() / 1000;
  host.world.start = { ...host.world.start, locked: { why: "page-ended", at } };
  openWindow(host);

  expect(screen.getByText(/^Locked at 14:31, because the process that draws the page ended by itself\. Drafts are kept\./)).toBeVisible();
});

test("says that a journal lies beside the file", () => {
  const host = new FakeHost();
  host.world.start = { ...host.world.start, vault: { ...host.world.start.vault, interrupted: true } };
  openWindow(host);

  expect(screen.getByText(/^A journal lies beside the file/)).toBeVisible();
});

test("another vault can be chosen, and cancelling that changes nothing", async () => {
  const window = openWindow();
  await window.user.type(closed(), "half a pass");
  window.host.answer("vault_choose", () => null);
  await window.user.click(screen.getByRole("button", { name: "Another vault…" }));
  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Acme vault");

  window.host.answer("vault_choose", () => ({ path: "/srv/other.vault", name: "other", exists: true, exposed: [], interrupted: false }));
  await window.user.click(screen.getByRole("button", { name: "Another vault…" }));
  await waitFor(() => expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Other vault"));
  expect(closed()).toHaveValue("");
});

test("Inspect is open without the passphrase, and the way in from there too", async () => {
  const { user } = openWindow();
  await user.click(screen.getByRole("button", { name: /Inspect a token/ }));

  expect(await screen.findByRole("navigation", { name: "Screens" })).toBeVisible();
  expect(screen.getByText("Locked")).toBeVisible();
  expect(screen.queryByText("Sign as")).not.toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "Unlock" }));
  expect(closed()).toHaveFocus();
});

test("has nothing that a screen reader stumbles over", async () => {
  const { user } = openWindow();
  expect(await stumbles()).toEqual([]);

  await user.type(closed(), "not this one{Enter}");
  await screen.findByText("That passphrase does not open this vault.");
  expect(await stumbles()).toEqual([]);
});
