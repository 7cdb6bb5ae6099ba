import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { fourProviders } from "../host/fake/data";
import { stumbles } from "../testing/door";
import { openView } from "../testing/view";
import Profiles from "./Profiles.svelte";

const NAME = "Acme · Gr4vy";
const guards = () => screen.getByRole("radiogroup", { name: "Asks before Production" });
const checked = () => within(guards()).getByRole("radio", { checked: true });

test("shows the profile in use, its environments, and what is missing in them", async () => {
  const { user, route } = await openView(Profiles, { screen: "profiles" });
  expect(screen.getByRole("heading", { level: 2, name: NAME })).toBeVisible();
  expect(screen.getByLabelText("Base URL of Sandbox")).toHaveValue("https://api.sandbox.acme.gr4vy.app");
  expect(screen.getByRole("combobox", { name: "Key for Sandbox checkout-2026-11" })).toBeVisible();
  expect(screen.getByRole("button", { name: "in use: Sandbox" })).toBeDisabled();
  expect(await stumbles()).toEqual([]);

  await user.click(screen.getByRole("button", { name: /^Demo/ }));
  expect(route.params).toEqual({ profile: "Demo" });
  expect(await screen.findAllByText("No key yet.")).toHaveLength(2);
});

test("asking less often wants the passphrase, and changes nothing without it", async () => {
  const { user, host } = await openView(Profiles, { screen: "profiles" });
  expect(checked()).toHaveTextContent("For each change");

  await user.click(within(guards()).getByRole("radio", { name: "Once" }));
  const dialog = await screen.findByRole("dialog", { name: "Ask less often?" });
  expect(host.asked("profile_change")).toEqual([]);
  expect(await stumbles()).toEqual([]);

  await user.type(within(dialog).getByLabelText("Passphrase"), "wrong{Enter}");
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("The passphrase opens no slot of this vault.");
  expect(host.world.profiles.find(({ name }) => name === NAME)?.guards["production"]).toBe("writes");

  await user.type(within(dialog).getByLabelText("Passphrase"), `${host.world.passphrase}{Enter}`);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(checked()).toHaveTextContent("Once");
  expect(host.asked("profile_change").at(-1)).toEqual({ name: NAME, guards: { production: "once" }, passphrase: host.world.passphrase });
});

test("who thinks better of it stays asked", async () => {
  const { user, host } = await openView(Profiles, { screen: "profiles" });
  await user.click(within(guards()).getByRole("radio", { name: "Once" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(checked()).toHaveTextContent("For each change"));
  expect(host.asked("profile_change")).toEqual([]);
});

test("asking more often wants nothing, and can be taken back", async () => {
  const { user, host, toasts } = await openView(Profiles, { screen: "profiles" });
  await user.click(within(guards()).getByRole("radio", { name: "For each call" }));
  await waitFor(() => expect(checked()).toHaveTextContent("For each call"));
  expect(host.asked("profile_change")).toEqual([{ name: NAME, guards: { production: "always" } }]);

  const toast = toasts.shown.at(-1);
  expect(toast?.undo).not.toBeNull();
  if (toast !== undefined) await toasts.undo(toast);
  await waitFor(() => expect(checked()).toHaveTextContent("For each change"));
});

test("an address that is published is not typed over", async () => {
  await openView(Profiles, { screen: "profiles" });
  expect(screen.getByLabelText("Base URL of Sandbox")).toHaveAttribute("readonly");
});

test("a base URL is saved when it is left, and refused in place", async () => {
  const { user, host } = await openView(Profiles, {
    host: new FakeHost(fourProviders()),
    screen: "profiles",
    params: { profile: "Acme · Partner" },
  });
  const field = screen.getByLabelText("Base URL of Your URL");
  await user.clear(field);
  await user.type(field, "nonsense{Enter}");
  expect(await screen.findByText("Nonsense is not an address. Write https:// in front of it.")).toBeVisible();
  // What is typed anew, or stands again as it is saved, was not refused.
  await user.keyboard("{Escape}");
  expect(field).toHaveValue("");
  expect(screen.queryByText("Nonsense is not an address. Write https:// in front of it.")).toBeNull();
  await user.type(field, "nonsense{Enter}");
  expect(await screen.findByText("Nonsense is not an address. Write https:// in front of it.")).toBeVisible();
  await user.clear(field);
  expect(screen.queryByText("Nonsense is not an address. Write https:// in front of it.")).toBeNull();
  await user.type(field, "https://proxy.example");
  await user.tab();
  await waitFor(() =>
    expect(host.asked("profile_change").at(-1)).toEqual({ name: "Acme · Partner", baseUrls: { own: "https://proxy.example" } }),
  );
  expect(screen.queryByText("Nonsense is not an address. Write https:// in front of it.")).toBeNull();

  // An empty field takes it away.
  await user.clear(field);
  await user.type(field, "{Enter}");
  await waitFor(() => expect(host.asked("profile_change").at(-1)?.baseUrls).toEqual({ own: "" }));
});

test("a new profile names what is missing at its field, and suggests a name", async () => {
  const { user, host, route } = await openView(Profiles, { screen: "profiles" });
  await user.click(screen.getByRole("button", { name: "New profile" }));
  const dialog = screen.getByRole("dialog");
  const [first] = host.world.providers[0]?.variables ?? [];
  if (first === undefined) throw new Error("the provider has variables");
  await user.click(within(dialog).getByRole("button", { name: "Create" }));
  expect(within(dialog).getByRole("alert")).toHaveTextContent(`${first.label} is needed.`);
  expect(host.asked("profile_add")).toEqual([]);
  expect(await stumbles()).toEqual([]);

  await user.type(within(dialog).getByLabelText(first.label), "bolt");
  expect(within(dialog).getByLabelText("Name")).toHaveValue("Bolt · Gr4vy");
  await user.click(within(dialog).getByRole("button", { name: "Create" }));
  await waitFor(() => expect(route.params).toEqual({ profile: "Bolt · Gr4vy" }));
  expect(host.asked("profile_add")).toEqual([{ name: "Bolt · Gr4vy", provider: "gr4vy", variables: { [first.id]: "bolt" } }]);
});

test("rename says that a name is taken; delete can be undone", async () => {
  const { user, desk, toasts } = await openView(Profiles, { screen: "profiles" });
  await user.click(screen.getByRole("button", { name: "Rename" }));
  const name = screen.getByLabelText("New name");
  await user.clear(name);
  await user.type(name, "Demo{Enter}");
  expect(await screen.findByText("There is a profile Demo already.")).toBeVisible();
  await user.clear(name);
  await user.type(name, "Acme{Enter}");
  expect(await screen.findByRole("heading", { level: 2, name: "Acme" })).toBeVisible();
  expect(desk.place?.profile).toBe("Acme");

  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(await screen.findByRole("heading", { level: 2, name: "Demo" })).toBeVisible();
  const toast = toasts.shown.at(-1);
  if (toast !== undefined) await toasts.undo(toast);
  await waitFor(() => expect(desk.profiles.map(({ name }) => name)).toContain("Acme"));
});

test("“Use this” goes to Build at that place", async () => {
  const { user, desk, route } = await openView(Profiles, { screen: "profiles" });
  await user.click(screen.getByRole("button", { name: "Use this: Local" }));
  expect(desk.place).toEqual({ profile: NAME, environment: "local" });
  expect(route.screen).toBe("build");
});

test("without profiles it says what one is", async () => {
  const host = new FakeHost();
  host.world.profiles = [];
  await openView(Profiles, { host, screen: "profiles" });
  expect(screen.getByRole("heading", { name: "No profiles yet" })).toBeVisible();
  expect(await stumbles()).toEqual([]);
});

const four = () => new FakeHost(fourProviders());
const CRYPTO = "Acme · CryptoPay";

test("where a login is missing it can be added, of each kind that is taken", async () => {
  const { user, desk } = await openView(Profiles, { host: four(), screen: "profiles", params: { profile: CRYPTO } });
  expect(await screen.findAllByText("No login yet.", { exact: false })).toHaveLength(2);
  expect(await stumbles()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Add Account for Local" }));
  expect(desk.adding).toEqual({ place: { profile: CRYPTO, environment: "local" }, role: "login" });
  await user.click(screen.getByRole("button", { name: "Add API key for Production" }));
  expect(desk.adding).toEqual({ place: { profile: CRYPTO, environment: "production" }, role: "api_key" });
});

test("a webhook secret has a place of its own", async () => {
  const { user, desk, route } = await openView(Profiles, { host: four(), screen: "profiles", params: { profile: CRYPTO } });
  const place = (environment: string) => screen.getByRole("combobox", { name: new RegExp(`^Webhook secret for ${environment}`) });
  const offered = () => screen.getAllByRole("option").map(({ textContent }) => textContent.trim());
  await user.click(place("Local"));
  expect(await screen.findByRole("option", { name: /^Add webhook secret/ })).toBeVisible();
  expect(offered()).toHaveLength(2);
  await user.click(screen.getByRole("option", { name: /^Add webhook secret/ }));
  expect(desk.adding).toEqual({ place: { profile: CRYPTO, environment: "local" }, role: "webhook_secret" });
  await user.click(screen.getByRole("button", { name: "Open shop-webhook" }));
  expect(route.screen).toBe("keys");
  expect(route.params).toEqual({ key: "shop-webhook" });
});

test("a webhook secret is taken away from its place, and chosen again", async () => {
  const { user, host } = await openView(Profiles, { host: four(), screen: "profiles", params: { profile: CRYPTO } });
  const place = () => screen.getByRole("combobox", { name: /^Webhook secret for Sandbox/ });
  await user.click(place());
  await user.click(await screen.findByRole("option", { name: "No webhook secret" }));
  await waitFor(() => expect(host.asked("profile_change").at(-1)).toEqual({ name: CRYPTO, others: { sandbox: { webhook_secret: "" } } }));
  await waitFor(() => expect(place()).toHaveTextContent("No webhook secret"));
  await user.click(place());
  await user.click(await screen.findByRole("option", { name: /shop-webhook/ }));
  await waitFor(() =>
    expect(host.world.profiles.find(({ name }) => name === CRYPTO)?.others["sandbox"]).toEqual({ webhook_secret: "shop-webhook" }),
  );
  expect(await stumbles()).toEqual([]);
});

test("credentials of the place are chosen from a list, which also adds one", async () => {
  const { user, host, desk } = await openView(Profiles, { host: four(), screen: "profiles", params: { profile: CRYPTO } });
  await user.click(screen.getByRole("combobox", { name: "Credential for Sandbox shop@acme" }));
  const options = (await screen.findAllByRole("option")).map(({ textContent }) => textContent?.trim());
  expect(options.some((text) => text?.includes("shop-key"))).toBe(true);
  expect(options.some((text) => /hedge|checkout|webhook/.test(text ?? ""))).toBe(false);
  expect(options.some((text) => text?.includes("Generate"))).toBe(false);
  await user.click(screen.getByRole("option", { name: /shop-key/ }));
  await waitFor(() => expect(host.world.profiles.find(({ name }) => name === CRYPTO)?.keys["sandbox"]).toBe("shop-key"));

  await user.click(await screen.findByRole("combobox", { name: "Credential for Sandbox shop-key" }));
  await user.click(await screen.findByRole("option", { name: /Add API key/ }));
  expect(desk.adding).toEqual({ place: { profile: CRYPTO, environment: "sandbox" }, role: "api_key" });
});

test("what is empty of a credential that is there leads to it", async () => {
  const host = four();
  host.world.profiles = host.world.profiles.map((profile) =>
    profile.name === "Acme · Partner" ? { ...profile, missing: { local: "Client ID is empty" } } : profile,
  );
  const { user, route } = await openView(Profiles, { host, screen: "profiles", params: { profile: "Acme · Partner" } });
  expect(await screen.findByText("Client ID is empty.", { exact: false })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Open portfolio" }));
  expect(route.params).toEqual({ key: "portfolio" });
});

test("a profile is handed on in a file, and one is made of a file", async () => {
  const { user, host } = await openView(Profiles, { screen: "profiles" });
  await user.click(screen.getByRole("button", { name: "Export…" }));
  await waitFor(() => expect(host.asked("profile_export")).toEqual([{ name: "Acme · Gr4vy" }]));
  await user.click(screen.getByRole("button", { name: "Import…" }));
  expect(await screen.findByRole("heading", { name: "Acme · Gr4vy (imported)" })).toBeVisible();
  host.answer("profile_import", () => {
    throw {
      code: "malformed",
      message: "the file is not a profile: expected ident at line 1 column 2",
      hint: "give a file that a profile was exported to",
    };
  });
  await user.click(screen.getByRole("button", { name: "Import…" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The file is not a profile");
});
