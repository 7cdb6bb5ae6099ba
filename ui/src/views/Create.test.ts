import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { openWindow, stumbles } from "../testing/door";

function first() {
  const host = new FakeHost();
  host.world.start = { ...host.world.start, cost: null, vault: { ...host.world.start.vault, exists: false } };
  return openWindow(host);
}
const passphrase = () => screen.getByLabelText<HTMLInputElement>("Passphrase");

test("shows what is typed, since it is asked once, and can hide it", async () => {
  const { user } = first();
  expect(passphrase()).toHaveFocus();
  expect(passphrase()).toHaveAttribute("type", "text");

  await user.click(screen.getByRole("button", { name: "Hide passphrase" }));
  expect(passphrase()).toHaveAttribute("type", "password");
});

test("says how strong the passphrase is once typing pauses, not at each letter", async () => {
  const { user, host } = first();
  await user.type(passphrase(), "tram quarry");

  expect(await screen.findByText("Weak.")).toBeVisible();
  expect(screen.getByText(/Add another word or two/)).toBeVisible();
  expect(host.asked("passphrase_strength")).toEqual([{ passphrase: "tram quarry" }]);

  await user.type(passphrase(), " linen oboe fathom");
  expect(await screen.findByText("Strong.")).toBeVisible();
});

test("creates the vault and opens Build with the demo key", async () => {
  const { user, host, desk } = first();
  await user.type(passphrase(), "tram quarry linen oboe{Enter}");
  await waitFor(() => expect(desk.unlocked).toBe(true));

  expect(host.asked("vault_create")).toEqual([{ passphrase: "tram quarry linen oboe" }]);
  expect(await screen.findByRole("group", { name: /signs as/ })).toHaveTextContent("Sign as Demo with demo");
  expect(screen.getByRole("link", { name: "Build" })).toHaveAttribute("aria-current", "page");
});

test("says why no vault was made, and keeps what was typed", async () => {
  const { user, host } = first();
  host.answer("vault_create", () => {
    throw { code: "vault", message: "no space is left on the device" };
  });
  await user.type(passphrase(), "tram quarry linen oboe{Enter}");

  expect(await screen.findByRole("alert")).toHaveTextContent("The vault could not be used. No space is left on the device.");
  expect(passphrase()).toHaveValue("tram quarry linen oboe");
});

test("has nothing that a screen reader stumbles over", async () => {
  const { user } = first();
  await user.type(passphrase(), "tram quarry");
  await screen.findByText("Weak.");

  expect(await stumbles()).toEqual([]);
});
