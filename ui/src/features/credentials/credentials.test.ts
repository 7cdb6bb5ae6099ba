import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import { fourProviders } from "../../host/fake/data";
import { openWindow, stumbles, unlock } from "../../testing/door";

async function sheet(profile: string, environment: string, role: string | null = null) {
  const window = openWindow(new FakeHost(fourProviders()));
  await unlock(window);
  window.desk.go({ profile, environment });
  window.desk.adding = { place: { profile, environment }, role };
  const dialog = within(await screen.findByRole("dialog"));
  return { ...window, dialog, secret: (label: string) => dialog.getByLabelText(label) as HTMLInputElement };
}

test("an API key is pasted, sealed and used, and what stood around it is said", async () => {
  const { dialog, user, host, desk, toasts, secret } = await sheet("Acme · Hedge", "local", "api_key");
  expect(dialog.getByText("For Local it begins with test_ or sk_test_.")).toBeVisible();
  expect(secret("API key")).toHaveAttribute("type", "password");
  expect(await stumbles()).toEqual([]);

  await user.click(secret("API key"));
  await user.paste("Bearer test_51Habc4f2a");
  await user.click(dialog.getByRole("button", { name: "Seal it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const [asked] = host.asked("credential_add");
  expect(asked).toMatchObject({ place: { profile: "Acme · Hedge", environment: "local" }, role: "api_key", fields: {}, encoding: null });
  expect(toasts.shown.at(-1)?.text).toBe(`${asked?.name} is sealed in the vault. Taken off: the word Bearer.`);
  expect(desk.key?.name).toBe(asked?.name);
  expect(await screen.findByRole("button", { name: `Credential: ${asked?.name}` })).toBeVisible();
});

test("one that belongs elsewhere is refused at its field, and is not kept in the window", async () => {
  const { dialog, user, secret, desk } = await sheet("Acme · Hedge", "local", "api_key");
  await user.type(secret("API key"), "live_51Habc");
  await user.click(dialog.getByRole("button", { name: "Seal it" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent(
    "It does not begin with test_ or sk_test_, as API key for Local does. Check which environment it was made for.",
  );
  expect(secret("API key")).toHaveValue("");
  expect(secret("API key")).toHaveAttribute("aria-invalid", "true");
  await waitFor(() => expect(secret("API key")).toHaveFocus());
  expect(dialog.getByText("What was typed is not kept in this window. Paste it again.")).toBeVisible();
  expect(document.body.innerHTML).not.toContain("live_51Habc");
  expect(desk.adding).not.toBeNull();
});

test("what is missing is named at its field, and nothing is asked", async () => {
  const { dialog, user, host, secret } = await sheet("Acme · CryptoPay", "local", "login");
  await user.click(dialog.getByRole("button", { name: "Seal it" }));
  expect((await dialog.findAllByRole("alert")).map(({ textContent }) => textContent)).toEqual([
    "User name is needed.",
    "Password is needed.",
  ]);
  await waitFor(() => expect(dialog.getByLabelText("User name")).toHaveFocus());
  expect(host.asked("credential_add")).toEqual([]);

  await user.type(dialog.getByLabelText("User name"), " ada ");
  await user.type(secret("Password"), " a password with spaces ");
  await user.click(dialog.getByRole("button", { name: "Seal it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(host.asked("credential_add")[0]).toMatchObject({ role: "login", secret: " a password with spaces ", fields: { username: "ada" } });
});

test("a name that is taken is said at the name", async () => {
  const { dialog, user, secret } = await sheet("Acme · Hedge", "test", "api_key");
  await user.clear(dialog.getByLabelText("Name"));
  await user.type(dialog.getByLabelText("Name"), "hedge-test");
  await user.type(secret("API key"), "test_new");
  await user.click(dialog.getByRole("button", { name: "Seal it" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("There is a key hedge-test already.");
  expect(dialog.getByLabelText("Name")).toHaveAttribute("aria-invalid", "true");
  expect(secret("API key")).toHaveAttribute("type", "password");
  expect(secret("API key")).not.toHaveAttribute("aria-invalid");
});

test("what is about nothing that was typed stands by itself", async () => {
  const { dialog, user, host, secret } = await sheet("Acme · Hedge", "test", "api_key");
  host.answer("credential_add", () => Promise.reject({ code: "vault", message: "the disk is full" }));
  await user.type(secret("API key"), "test_new");
  await user.click(dialog.getByRole("button", { name: "Seal it" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("The vault could not be used. The disk is full.");
  expect(secret("API key")).toHaveValue("");
});

test("kinds are chosen where there are several; a secret says how it is written", async () => {
  const { dialog, user, host } = await sheet("Acme · CryptoPay", "sandbox");
  const kinds = dialog.getByRole("radiogroup", { name: "What it is" });
  expect(
    within(kinds)
      .getAllByRole("radio")
      .map(({ textContent }) => textContent),
  ).toEqual(["Account", "API key", "Webhook secret"]);
  await user.click(within(kinds).getByRole("radio", { name: "Webhook secret" }));
  expect(dialog.getByText("Checks what comes in, signs nothing.")).toBeVisible();
  expect((dialog.getByLabelText("Name") as HTMLInputElement).value).toMatch(/^webhook-secret-acme-/);
  await user.type(dialog.getByLabelText("Secret"), "whsec_123");
  await user.click(dialog.getByRole("button", { name: "Seal it" }));
  await waitFor(() => expect(host.asked("credential_add")[0]).toMatchObject({ role: "webhook_secret", encoding: "utf8" }));
  expect(host.world.profiles.find(({ name }) => name === "Acme · CryptoPay")?.keys["sandbox"]).toBe("shop@acme");
});

test("a locked vault leaves nothing of it behind", async () => {
  const window = await sheet("Acme · Hedge", "test", "api_key");
  await window.user.type(window.secret("API key"), "test_secret");
  await window.desk.lock();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.body.innerHTML).not.toContain("test_secret");
  await unlock(window);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("closing drops what was typed", async () => {
  const { user, desk, dialog, secret } = await sheet("Acme · Hedge", "test", "api_key");
  await user.type(secret("API key"), "test_secret");
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  desk.adding = { place: { profile: "Acme · Hedge", environment: "test" }, role: "api_key" };
  expect(await screen.findByLabelText("API key")).toHaveValue("");
});

test("the palette and the sentence lead there", async () => {
  const window = openWindow(new FakeHost(fourProviders()));
  await unlock(window);
  const { user, desk } = window;
  desk.go({ profile: "Acme · Hedge", environment: "local" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Search or run" }), "add api key{Enter}");
  await waitFor(() => expect(desk.adding).toEqual({ place: { profile: "Acme · Hedge", environment: "local" }, role: "api_key" }));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(desk.adding).toBeNull());

  await user.click(await screen.findByRole("button", { name: "Credential: none yet" }));
  await user.click(await screen.findByRole("menuitem", { name: "Add API key…" }));
  expect(await screen.findByRole("dialog", { name: "Add a credential" })).toBeVisible();
});
