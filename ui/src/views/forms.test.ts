/** Forms: what was refused is said of what was typed, and of nothing else; what was typed and not saved is not lost. */
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { fourProviders } from "../host/fake/data";
import type { Command } from "../host/wire";
import { openWindow, unlock, type Window } from "../testing/door";

const REFUSED = "Nobody may have that.";

async function at(where: Parameters<Window["route"]["go"]>, refusing?: Command): Promise<Window> {
  const host = new FakeHost(fourProviders());
  if (refusing !== undefined) host.answer(refusing, () => Promise.reject({ code: "rule", message: "nobody may have that" }));
  const window = openWindow(host);
  await unlock(window);
  window.route.go(...where);
  return window;
}

interface Form {
  name: string;
  where: Parameters<Window["route"]["go"]>;
  command: Command;
  /** Fills the form in and sends it; answers a field that was typed. */
  send: (window: Window) => Promise<HTMLElement>;
}

const button = (name: string | RegExp) => screen.findByRole("button", { name });
const field = (label: string) => screen.findByLabelText(label);

const FORMS: Form[] = [
  {
    name: "the proxy",
    where: ["settings"],
    command: "settings_change",
    async send({ user }) {
      const proxy = await field("Proxy");
      await user.type(proxy, "http://proxy{Enter}");
      return proxy;
    },
  },
  {
    name: "a number of the settings",
    where: ["settings"],
    command: "settings_change",
    async send({ user }) {
      const number = await field("Answer within");
      await user.clear(number);
      await user.type(number, "20{Enter}");
      return number;
    },
  },
  {
    name: "another passphrase",
    where: ["settings"],
    command: "vault_change_passphrase",
    async send({ user }) {
      await user.click(await button("Change passphrase…"));
      for (const label of ["The passphrase now", "The new passphrase", "The new passphrase again"]) {
        await user.type(await field(label), "tram quarry linen oboe mast");
      }
      await user.click(await button("Change"));
      return field("The passphrase now");
    },
  },
  {
    name: "a definition to begin with",
    where: ["settings"],
    command: "definition_begin",
    async send({ user }) {
      await user.click(await button("Begin a definition…"));
      const dialog = within(await screen.findByRole("dialog"));
      await user.type(dialog.getByRole("textbox"), "Bolt{Enter}");
      return dialog.getByRole("textbox");
    },
  },
  {
    name: "a new profile",
    where: ["profiles"],
    command: "profile_add",
    async send({ user }) {
      await user.click(await button(/^New profile/));
      const dialog = within(await screen.findByRole("dialog"));
      await user.type(dialog.getByLabelText("Gr4vy ID"), "bolt");
      await user.click(dialog.getByRole("button", { name: "Create" }));
      return dialog.getByLabelText("Gr4vy ID");
    },
  },
  {
    name: "the name of a profile",
    where: ["profiles"],
    command: "profile_rename",
    async send({ user }) {
      await user.click(await button("Rename"));
      await user.type(await field("New name"), "x{Enter}");
      return field("New name");
    },
  },
  {
    name: "the account of a profile",
    where: ["profiles"],
    command: "profile_change",
    async send({ user }) {
      await user.type(await field("Gr4vy ID"), "x");
      await user.click(await button("Save"));
      return field("Gr4vy ID");
    },
  },
  {
    name: "an address",
    where: ["profiles", { profile: "Acme · Partner" }],
    command: "profile_change",
    async send({ user }) {
      await user.type(await field("Base URL of Your URL"), "https://x{Enter}");
      return field("Base URL of Your URL");
    },
  },
  {
    name: "asking less often",
    where: ["profiles"],
    command: "profile_change",
    async send({ user }) {
      await user.click(
        within(await screen.findByRole("radiogroup", { name: "Asks before Production" })).getByRole("radio", { name: "Once" }),
      );
      await user.type(await field("Passphrase"), "wrong{Enter}");
      return field("Passphrase");
    },
  },
  {
    name: "a key to generate",
    where: ["keys"],
    command: "key_generate",
    async send({ user }) {
      await user.click(await button(/^Generate/));
      const dialog = within(await screen.findByRole("dialog"));
      await user.click(dialog.getByRole("button", { name: "Generate" }));
      return dialog.getByLabelText("Name");
    },
  },
  {
    name: "the name of a key",
    where: ["keys", { key: "checkout-2026-11" }],
    command: "key_rename",
    async send({ user }) {
      await user.click(await button("Rename"));
      await user.type(await field("New name"), "x{Enter}");
      return field("New name");
    },
  },
  {
    name: "what goes with a key",
    where: ["keys", { key: "shop@acme" }],
    command: "credential_set",
    async send({ user }) {
      const name = await field("User name");
      await user.type(name, "x");
      await user.click(await button("Save"));
      return name;
    },
  },
  {
    name: "the export of a private key",
    where: ["keys", { key: "checkout-2026-11" }],
    command: "key_save_private",
    async send({ user }) {
      await user.click(await button("Export private key…"));
      await user.type(await field("Passphrase of the file"), "mast");
      await user.type(await field("The same again"), "mast");
      await user.click(await button("Export…"));
      return field("Passphrase of the file");
    },
  },
  {
    name: "a credential",
    where: ["build"],
    command: "credential_add",
    async send({ user, desk }) {
      desk.adding = { place: { profile: "Acme · Hedge", environment: "test" }, role: "api_key" };
      const secret = await field("API key");
      await user.type(secret, "test_new");
      await user.click(await button("Seal it"));
      return secret;
    },
  },
  {
    name: "the port of the receiver",
    where: ["inspect", { tab: "webhook" }],
    command: "webhook_listen",
    async send({ user }) {
      await user.click(await screen.findByRole("tab", { name: "Webhook" }));
      await user.click(await screen.findByRole("radio", { name: "Listen" }));
      const port = await field("Port");
      await user.type(port, "8080");
      await user.click(await button("Start listening"));
      return port;
    },
  },
  {
    name: "a webhook secret that is typed",
    where: ["inspect", { tab: "webhook" }],
    command: "webhook_hold",
    async send({ user }) {
      await user.click(await screen.findByRole("tab", { name: "Webhook" }));
      await user.click(await screen.findByRole("combobox", { name: /^Webhooks of/ }));
      await user.click(await screen.findByRole("option", { name: "A secret that is typed here" }));
      await user.type(await field("Webhook secret"), "whsec{Enter}");
      expect(await field("Webhook secret")).toHaveValue("whsec");
      return screen.findByRole("textbox", { name: "Raw body" });
    },
  },
];

test.each(FORMS)("$name: what was refused is not said of what is typed then", async ({ where, command, send }) => {
  const window = await at(where, command);
  const typed = await send(window);
  await waitFor(() =>
    expect(
      screen
        .getAllByRole("alert")
        .map(({ textContent }) => textContent)
        .join(),
    ).toContain(REFUSED),
  );
  await window.user.type(typed, "y");
  expect(document.body).not.toHaveTextContent(REFUSED);
});

test("a refused text stays in its field with the reason, also after a look at another screen", async () => {
  const { user, host, route, desk } = await at(["settings"]);
  host.answer("settings_change", () =>
    Promise.reject({ code: "usage", message: "proxy is not an address", hint: "write http://host:port" }),
  );
  await user.type(await field("Proxy"), "proxy");
  const number = await field("Lock after");
  await user.clear(number);
  await user.type(number, "1000");
  route.go("build");
  await waitFor(() => expect(screen.queryByLabelText("Proxy")).toBeNull());
  route.go("settings");
  expect(await field("Proxy")).toHaveValue("proxy");
  expect(screen.getByText("Proxy is not an address. Write http://host:port.")).toBeVisible();
  expect(screen.getByLabelText("Lock after")).toHaveValue("1000");
  expect(screen.getByText("A whole number from 1 to 240.")).toBeVisible();

  await desk.lock();
  expect(desk.unsaved.at({ kind: "settings", name: "" }, "proxy").typed).toBeNull();
});

test("what is typed in a profile and in a key is there after a look at another, and goes along with the name", async () => {
  const { user, route } = await at(["profiles", { profile: "Demo" }]);
  await user.type(await field("Gr4vy ID"), "-two");
  await user.click(await button(/^Acme · Gr4vy/));
  expect(await field("Gr4vy ID")).toHaveValue("acme");
  route.go("build");
  await waitFor(() => expect(screen.queryByLabelText("Gr4vy ID")).toBeNull());
  route.go("profiles");
  // One comes back to the profile that one looked at, and not to the one in use.
  await user.click(await button(/^Demo/));
  expect((await field("Gr4vy ID")) as HTMLInputElement).toHaveProperty("value", expect.stringMatching(/-two$/));

  await user.click(await button("Rename"));
  await user.clear(await field("New name"));
  await user.type(await field("New name"), "Trial{Enter}");
  await screen.findByRole("heading", { level: 2, name: "Trial" });
  expect((await field("Gr4vy ID")) as HTMLInputElement).toHaveProperty("value", expect.stringMatching(/-two$/));
  await user.click(await button("Discard"));

  route.go("keys", { key: "shop@acme" });
  await user.type(await field("User name"), "-two");
  route.go("keys", { key: "hedge-test" });
  await waitFor(() => expect(screen.queryByLabelText("User name")).toBeNull());
  route.go("keys", { key: "shop@acme" });
  expect(((await field("User name")) as HTMLInputElement).value).toMatch(/-two$/);
});

test("one comes back to the profile that one looked at, and not to the one in use", async () => {
  const { route } = await at(["profiles", { profile: "Demo" }]);
  await screen.findByRole("heading", { level: 2, name: "Demo" });
  route.go("build");
  await waitFor(() => expect(screen.queryByRole("heading", { level: 2, name: "Demo" })).toBeNull());
  route.go("profiles");
  expect(await screen.findByRole("heading", { level: 2, name: "Demo" })).toBeVisible();
});

test("a name that is taken costs no secret", async () => {
  const { user, host, desk } = await at(["build"]);
  desk.adding = { place: { profile: "Acme · Hedge", environment: "test" }, role: "api_key" };
  await user.type(await field("API key"), "test_new");
  await user.clear(await field("Name"));
  await user.type(await field("Name"), "hedge-test");
  await user.click(await button("Seal it"));
  expect(await screen.findByText("There is a key hedge-test already.")).toBeVisible();
  expect(host.asked("credential_add")).toEqual([]);
  expect(await field("API key")).toHaveValue("test_new");
});

test("faults that are typed stay while requests come in, and after another look", async () => {
  const { user, host, desk } = await at(["build"]);
  desk.go({ profile: "Acme · Gr4vy", environment: "local" });
  const open = async () => {
    await user.click(await button("Emulator…"));
    return within(await screen.findByRole("dialog", { name: "The emulator" }));
  };
  let dialog = await open();
  const start = dialog.queryByRole("button", { name: "Start it" });
  if (start !== null) await user.click(start);
  await user.type(await dialog.findByLabelText("Delay, ms"), "250");
  const entry = {
    number: 1,
    at: "2026-11-21T14:06:12Z",
    method: "GET",
    path: "/x",
    status: 200,
    outcome: "accepted",
    refusedAt: null,
    reason: null,
    passed: [],
    notes: [],
    provider: "gr4vy",
  };
  host.emit({ type: "emulated", entry } as never);
  expect(dialog.getByLabelText("Delay, ms")).toHaveValue("250");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  dialog = await open();
  expect(await dialog.findByLabelText("Delay, ms")).toHaveValue("250");

  await user.click(dialog.getByRole("button", { name: "Set these faults" }));
  await waitFor(() => expect(host.asked("emulator_misbehave").at(-1)).toMatchObject({ delayMs: 250 }));
  // What is set is not to be set: the button says so.
  await waitFor(() => expect(dialog.getByRole("button", { name: "Set these faults" })).toBeDisabled());
});
