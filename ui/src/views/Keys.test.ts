import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { fourProviders } from "../host/fake/data";
import { manyKeys } from "../host/fake/keys";
import { ALGORITHMS, type ImportPreview } from "../host/wire";
import { stumbles } from "../testing/door";
import { openView } from "../testing/view";
import Keys from "./Keys.svelte";

const rows = () => screen.getAllByRole("row").slice(1);
const names = () => rows().map((row) => row.querySelector(".name")?.textContent);

test("lists the keys, filters them, and shows the one that is selected", async () => {
  const { user } = await openView(Keys, { screen: "keys" });
  expect(names()).toEqual(["checkout-2026-11", "checkout-live-2026-11", "demo", "webhooks-2026"]);
  expect(await screen.findByRole("img", { name: "Key picture of ohySS9N7" })).toBeVisible();
  expect(await stumbles()).toEqual([]);

  await user.type(screen.getByRole("searchbox", { name: "Filter keys" }), "live");
  expect(names()).toEqual(["checkout-live-2026-11"]);
  expect(await screen.findByRole("img", { name: "Key picture of hJ5uXXzc" })).toBeVisible();

  await user.type(screen.getByRole("searchbox"), " nothing");
  expect(screen.getByText(/No key has “live nothing”/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Show all keys" }));
  expect(rows()).toHaveLength(4);
});

test("of ten thousand keys a few rows are drawn, and a filter still finds the last", async () => {
  const host = new FakeHost();
  host.world.keys = manyKeys(10_000);
  const { user } = await openView(Keys, { host, screen: "keys" });
  expect(rows().length).toBeLessThan(60);
  expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "10001");

  await user.type(screen.getByRole("searchbox"), "09999");
  expect(names()).toEqual(["service-09999"]);
});

test("arrows select, Enter opens, and the way back has it selected", async () => {
  const { user, route } = await openView(Keys, { screen: "keys" });
  screen.getByRole("grid").focus();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(route.params).toEqual({ key: "demo" });
  expect(await screen.findByRole("heading", { level: 1, name: "demo" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Keys" }));
  expect(await screen.findByRole("row", { selected: true })).toHaveTextContent("demo");
});

test("a key that was opened by its name is the one selected on the way back", async () => {
  const { user, route } = await openView(Keys, { screen: "keys" });
  route.go("keys", { key: "webhooks-2026" });
  expect(await screen.findByRole("heading", { level: 1, name: "webhooks-2026" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Keys" }));
  expect(await screen.findByRole("row", { selected: true })).toHaveTextContent("webhooks-2026");
});

test("another screen can ask for the comparison, once for each visit", async () => {
  const { user, route } = await openView(Keys, { screen: "keys", params: { key: "demo", compare: "" } });
  await user.type(await screen.findByLabelText("A thumbprint or kid from somewhere else"), "Tuw4dcxi");
  expect(screen.getByRole("dialog", { name: "Is it demo?" })).toBeVisible();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());

  route.go("keys", { key: "webhooks-2026" });
  await screen.findByRole("heading", { level: 1, name: "webhooks-2026" });
  route.back();
  await screen.findByRole("heading", { level: 1, name: "demo" });
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("without keys it says what to do", async () => {
  const host = new FakeHost();
  host.world.keys = [];
  await openView(Keys, { host, screen: "keys" });
  expect(screen.getByText("No keys yet. Drop a PEM here, or generate one.")).toBeVisible();
  expect(await stumbles()).toEqual([]);
});

test("generates by the provider's algorithms for a place, under a suggested name", async () => {
  const host = new FakeHost();
  const { user, desk } = await openView(Keys, { host, screen: "keys" });
  desk.go({ profile: "Demo", environment: "sandbox" });
  await user.click(screen.getByRole("button", { name: "Generate" }));
  expect(screen.getByRole("combobox", { name: "For Demo, Sandbox" })).toBeVisible();
  expect(await stumbles()).toEqual([]);
  const dialog = screen.getByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Generate" }));

  await waitFor(() => expect(host.asked("key_generate")).toHaveLength(1));
  expect(host.asked("key_generate")[0]).toMatchObject({
    name: expect.stringMatching(/^demo-sandbox-\d{4}-\d\d$/),
    alg: "ES512",
    place: { profile: "Demo", environment: "sandbox" },
  });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(names()).toContain(host.asked("key_generate")[0]?.name);
});

test("without a place, a key can be made for every algorithm that there is", async () => {
  const { user } = await openView(Keys, { screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Generate" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByRole("combobox", { name: "For Not bound to a place" })).toBeVisible();
  await user.click(dialog.getByRole("combobox", { name: /^Kind/ }));
  const options = await screen.findAllByRole("option");
  expect(options.map(({ textContent }) => textContent?.trim().split(/\s/)[0])).toEqual(ALGORITHMS.map(({ name }) => name));
});

test("a long generation shows that it works and can be stopped", async () => {
  const host = new FakeHost();
  let refuse: (error: unknown) => void = () => undefined;
  host.answer("key_generate", () => new Promise((_, no) => (refuse = no)));
  host.answer("job_cancel", () => {
    refuse({ code: "gone", message: "it was stopped" });
    return null;
  });
  const { user } = await openView(Keys, { host, screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Generate" }));
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Generate" }));
  host.emit({ type: "progress", job: host.asked("key_generate")[0]?.job ?? 0, fraction: null, words: "Looking for two primes" });
  expect(await screen.findByText(/Looking for two primes/)).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Stop" }));
  expect(host.asked("job_cancel")).toEqual([{ job: host.asked("key_generate")[0]?.job }]);
  expect(await within(screen.getByRole("dialog")).findByRole("button", { name: "Generate" })).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
});

const preview: ImportPreview = {
  preview: 7,
  from: "dropped.jwks",
  form: "JWKS",
  encrypted: false,
  findings: [],
  items: [
    {
      describe: "EC P-521",
      private: true,
      kind: "EC",
      kid: null,
      thumbprint: "a".repeat(43),
      algs: ["ES512"],
      already: null,
      suggestedName: "first",
      made: null,
      findings: [],
    },
    {
      describe: "EC P-256",
      private: true,
      kind: "EC",
      kid: null,
      thumbprint: "b".repeat(43),
      algs: ["ES256"],
      already: "demo",
      suggestedName: "second",
      made: null,
      findings: [],
    },
    {
      describe: "RSA 2048",
      private: false,
      kind: "RSA",
      kid: "x",
      thumbprint: "c".repeat(43),
      algs: ["RS256"],
      already: null,
      suggestedName: "third",
      made: null,
      findings: [],
    },
  ],
};

test("what was dropped is shown before it is kept: private, public, in the vault already", async () => {
  const { user, host, desk } = await openView(Keys, { screen: "keys" });
  desk.handedKeys = preview;
  const sheet = await screen.findByRole("dialog", { name: "Import" });
  expect(desk.handedKeys).toBeNull();
  expect(within(sheet).getByText("In the vault already, as demo.")).toBeVisible();
  expect(within(sheet).getByText("public half only")).toBeVisible();
  expect(within(sheet).getAllByRole("checkbox")).toHaveLength(1);
  expect(await stumbles()).toEqual([]);

  const name = within(sheet).getByLabelText("Name");
  expect(name).toHaveValue("first");
  await user.clear(name);
  await user.type(name, "demo");
  await user.click(within(sheet).getByRole("button", { name: "Keep it" }));
  expect(await within(sheet).findByText("There is a key demo already.")).toBeVisible();

  await user.clear(name);
  await user.type(name, "mine");
  await user.click(within(sheet).getByRole("button", { name: "Keep it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(host.asked("import_keep").at(-1)).toEqual({ preview: 7, item: 0, name: "mine", alg: "ES512", place: null, made: null });
  expect(host.asked("import_forget")).toEqual([{ preview: 7 }]);
  expect(screen.getByRole("row", { selected: true })).toHaveTextContent("mine");
});

test("an encrypted key wants its own passphrase, and a wrong one is said at the field", async () => {
  const { user, desk } = await openView(Keys, { screen: "keys" });
  desk.handedKeys = { ...preview, encrypted: true, items: [] };
  const field = await screen.findByLabelText("Its passphrase");
  await user.type(field, "wrong{Enter}");
  expect(await screen.findByText("The passphrase does not open this key.")).toBeVisible();
  expect(field).toHaveValue("");
  await user.type(field, "open{Enter}");
  expect(await screen.findByLabelText("Name")).toHaveValue("checkout");
});

test("what cannot be imported says why", async () => {
  const host = new FakeHost();
  host.answer("import_file", () => {
    throw { code: "malformed", message: "notes.txt holds no key" };
  });
  const { user } = await openView(Keys, { host, screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Import" }));
  await user.click(await screen.findByText("From a file…"));
  expect(await screen.findByText("Notes.txt holds no key.")).toBeVisible();
});

test("one key in full: renamed in place, its public half copied and saved, compared", async () => {
  const { user, host, route } = await openView(Keys, { screen: "keys", params: { key: "checkout-2026-11" } });
  expect(await screen.findByText("ohySS9N7 aqLFrERh Pm6ChStG qlBBGqV3 7XtMZgnd oy8")).toBeVisible();
  expect(await stumbles()).toEqual([]);

  await user.click(screen.getByRole("radio", { name: "JWK" }));
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await user.click(screen.getByRole("button", { name: "Save…" }));
  expect(host.asked("key_copy_public")).toEqual([{ name: "checkout-2026-11", format: "jwk" }]);
  expect(host.asked("key_save_public")).toEqual([{ name: "checkout-2026-11", format: "jwk" }]);

  await user.click(screen.getByRole("button", { name: "Compare…" }));
  const field = screen.getByLabelText("A thumbprint or kid from somewhere else");
  await user.type(field, "ohySS9N7xx");
  expect(await screen.findByRole("heading", { name: "Nearly, but not the same" })).toBeVisible();
  await user.clear(field);
  await user.type(field, "other");
  expect(await screen.findByRole("heading", { name: "Another key" })).toBeVisible();
  await user.clear(field);
  await user.type(field, host.world.keys[0]?.thumbprint ?? "");
  expect(await screen.findByRole("heading", { name: "The same key" })).toBeVisible();
  await user.keyboard("{Escape}");

  await user.click(screen.getByRole("button", { name: "Rename" }));
  const name = screen.getByLabelText("New name");
  await user.clear(name);
  await user.type(name, "demo{Enter}");
  expect(await screen.findByText("There is a key demo already.")).toBeVisible();
  await user.clear(name);
  await user.type(name, "renamed{Enter}");
  await waitFor(() => expect(route.params).toEqual({ key: "renamed" }));
});

test("the focus stays near by: after a name, a filter, a key that was deleted", async () => {
  const { user } = await openView(Keys, { screen: "keys", params: { key: "demo" } });
  await user.click(await screen.findByRole("button", { name: "Rename" }));
  await user.type(screen.getByLabelText("New name"), "x{Escape}");
  expect(screen.getByRole("button", { name: "Rename" })).toHaveFocus();

  await user.click(screen.getByRole("button", { name: "Delete" }));
  // It is in use, so that it says by whom first.
  await user.click(await screen.findByRole("button", { name: "End its use and delete it" }));
  await waitFor(() => expect(screen.getByRole("grid")).toHaveFocus());
  await user.type(screen.getByRole("searchbox"), "nothing like it");
  await user.click(screen.getByRole("button", { name: "Show all keys" }));
  expect(screen.getByRole("searchbox")).toHaveFocus();
});

test("a shared secret shows what it has, and no empty half beside it", async () => {
  const { container } = await openView(Keys, { screen: "keys", params: { key: "webhooks-2026" } });
  expect(await screen.findByText("A shared secret has no thumbprint and no public half.")).toBeVisible();
  expect(screen.queryByRole("region", { name: "Public half" })).not.toBeInTheDocument();
  expect(container.querySelector(".two")).toBeNull();
});

test("a key that nobody uses signs the draft that is open, if its provider takes such keys", async () => {
  const host = new FakeHost();
  host.world.keys = [...host.world.keys, ...manyKeys(1)];
  const { user, route } = await openView(Keys, { host, screen: "keys", params: { key: "webhooks-2026" } });
  await screen.findByRole("heading", { level: 1, name: "webhooks-2026" });
  expect(screen.queryByRole("button", { name: "Sign with it" })).not.toBeInTheDocument();

  route.go("keys", { key: "service-00000" });
  await user.click(await screen.findByRole("button", { name: "Sign with it" }));
  expect([route.screen, route.params]).toEqual(["build", { key: "service-00000" }]);
});

test("the filter counts what it filters", async () => {
  const { user } = await openView(Keys, { screen: "keys" });
  expect(screen.getByPlaceholderText("Filter 4 keys")).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "Live 1" }));
  expect(screen.getByPlaceholderText("Filter 1 key")).toBeVisible();
});

test("a private key leaves encrypted unless somebody says otherwise, and only with the passphrase twice", async () => {
  const { user, host } = await openView(Keys, { screen: "keys", params: { key: "checkout-2026-11" } });
  await user.click(await screen.findByRole("button", { name: "Export private key…" }));
  expect(screen.getByRole("radio", { name: /PKCS#8 PEM, encrypted/ })).toBeChecked();
  expect(screen.getByRole("button", { name: "Export…" })).toBeDisabled();
  await user.type(screen.getByLabelText("Passphrase of the file"), "one");
  await user.type(screen.getByLabelText("The same again"), "two");
  await user.click(screen.getByRole("button", { name: "Export…" }));
  expect(screen.getByText("The two are not the same.")).toBeVisible();
  expect(host.asked("key_save_private")).toEqual([]);

  await user.clear(screen.getByLabelText("The same again"));
  await user.type(screen.getByLabelText("The same again"), "one");
  await user.click(screen.getByRole("button", { name: "Export…" }));
  await waitFor(() => expect(host.asked("key_save_private")).toEqual([{ name: "checkout-2026-11", format: "pkcs8", passphrase: "one" }]));
});

test("delete can be undone, and the deleted can be restored or destroyed", async () => {
  const { user, host, toasts } = await openView(Keys, { screen: "keys", params: { key: "demo" } });
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  // It is in use, so that it says by whom first.
  await user.click(await screen.findByRole("button", { name: "End its use and delete it" }));
  await waitFor(() => expect(toasts.shown.at(-1)?.undo).not.toBeNull());
  expect(names()).not.toContain("demo");

  await user.click(screen.getByRole("radio", { name: "Deleted 1" }));
  expect(await screen.findByText("Deleted. It goes for good in 30 days.")).toBeVisible();
  expect(await stumbles()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Restore" }));
  expect(await screen.findByText("Nothing was deleted in the last 30 days.")).toBeVisible();
  expect(host.asked("key_restore")).toEqual([{ name: "demo" }]);
});

test("a key is said to be gone for good when it is, and not when the person said no", async () => {
  const host = new FakeHost();
  host.world.keys = host.world.keys.map((key) => (key.name === "demo" ? { ...key, deleted: key.created } : key));
  const { user, toasts } = await openView(Keys, { host, screen: "keys" });
  await user.click(await screen.findByRole("radio", { name: "Deleted 1" }));
  let yes = false;
  const destroy = host.world.keys.filter(({ name }) => name !== "demo");
  host.answer("key_destroy", () => {
    if (yes) host.world.keys = destroy;
    return yes;
  });
  await user.click(await screen.findByRole("button", { name: "Destroy for good…" }));
  await waitFor(() => expect(host.asked("key_destroy")).toEqual([{ name: "demo" }]));
  expect(toasts.shown).toEqual([]);
  expect(names()).toEqual(["demo"]);

  yes = true;
  await user.click(screen.getByRole("button", { name: "Destroy for good…" }));
  await waitFor(() => expect(toasts.shown.map(({ text }) => text)).toEqual(["demo is gone for good"]));
  expect(await screen.findByText("Nothing was deleted in the last 30 days.")).toBeVisible();
});

test("names with markup, right-to-left text and three hundred characters stay names", async () => {
  const host = new FakeHost();
  const nasty = [`<img src=x onerror=boom()>`, "مفتاح-الدفع", "x".repeat(300), "a\u0007b"];
  host.world.keys = nasty.map((name, i) => ({ ...(host.world.keys[0] as (typeof host.world.keys)[0]), name, created: i }));
  await openView(Keys, { host, screen: "keys" });
  expect(document.querySelector("main img")).toBeNull();
  expect(names()).toEqual([nasty[0], nasty[1], "x".repeat(200), nasty[3]]);
});

const four = () => new FakeHost(fourProviders());

test("other credentials stand beside the keys, by kind and masked", async () => {
  const { user } = await openView(Keys, { host: four(), screen: "keys" });
  const row = (name: string) => rows().find((row) => row.querySelector(".name")?.textContent === name) as HTMLElement;
  const cells = (name: string) => [".kind", ".identity"].map((cell) => row(name).querySelector(cell)?.textContent);
  expect(cells("hedge-test")).toEqual(["API key", "test_•••4f2a"]);
  expect(cells("shop@acme")).toEqual(["Account", "shop@acme"]);
  expect(cells("portfolio")).toEqual(["HS256", "secret"]);

  await user.click(row("hedge-test"));
  expect(await screen.findByText("Only its beginning and its end are ever shown.")).toBeVisible();
  const panel = within(screen.getByRole("complementary", { name: "Selected key" }));
  expect(panel.getAllByText("API key test_•••4f2a")[0]).toBeVisible();
  expect(panel.queryByRole("img")).toBeNull();
  expect(panel.queryByRole("button", { name: "Copy public key" })).toBeNull();
  expect([...document.querySelectorAll(".facts code")].map(({ textContent }) => textContent)).toEqual(["api.hedgepayments.com"]);
  expect(await stumbles()).toEqual([]);

  // What goes with it is found, too.
  await user.type(screen.getByRole("searchbox"), "acme-partner");
  expect(names()).toEqual(["portfolio"]);
});

test("what goes with a credential is changed in place, and an error stays at its field", async () => {
  const { user, host, toasts } = await openView(Keys, { host: four(), screen: "keys", params: { key: "shop@acme" } });
  const name = await screen.findByLabelText("User name");
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  await user.clear(name);
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("User name is empty.");
  expect(name).toHaveAttribute("aria-invalid", "true");

  await user.type(name, " ada ");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(host.world.keys.find(({ name }) => name === "shop@acme")?.fields).toEqual({ username: "ada", email: "shop@acme.example" }),
  );
  await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
  expect(toasts.shown.at(-1)?.text).toBe("shop@acme changed");
  expect(await stumbles()).toEqual([]);

  await user.type(name, "x");
  await user.click(screen.getByRole("button", { name: "Discard" }));
  expect(name).toHaveValue("ada");
});

test("an account is renamed, used and deleted like a key, and never exported", async () => {
  const { user, route, desk } = await openView(Keys, { host: four(), screen: "keys", params: { key: "shop@acme" } });
  expect(await screen.findByRole("heading", { level: 2, name: "About it" })).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Export/ })).toBeNull();
  expect(screen.getByRole("button", { name: "Delete" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Call with it" }));
  expect(route.screen).toBe("build");
  expect(desk.place).toEqual({ profile: "Acme · CryptoPay", environment: "sandbox" });
});

test("a credential is added for where one stands, or for the first place that takes one", async () => {
  const host = four();
  const { user, desk } = await openView(Keys, { host, screen: "keys" });
  desk.go({ profile: "Acme · Hedge", environment: "live" });
  await user.click(screen.getByRole("button", { name: "Add a credential" }));
  expect(desk.adding).toEqual({ place: { profile: "Acme · Hedge", environment: "live" }, role: null });
});

test("where no provider takes what is typed, nothing is offered", async () => {
  const host = new FakeHost();
  host.world.providers = host.world.providers.map((provider) => ({
    ...provider,
    credentials: provider.credentials.filter(({ kind }) => kind === "private-key"),
  }));
  await openView(Keys, { host, screen: "keys" });
  expect(screen.queryByRole("button", { name: "Add a credential" })).toBeNull();
});

test("keys are generated for places where tokens are signed here", async () => {
  const { user } = await openView(Keys, { host: four(), screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Generate" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("combobox", { name: /^For/ }));
  const places = (await screen.findAllByRole("option")).map(({ textContent }) => textContent ?? "");
  expect(places.some((place) => place.includes("Acme · Partner"))).toBe(true);
  expect(places.some((place) => /Hedge|CryptoPay/.test(place))).toBe(false);
});

test("what is older than advised says so in the list and on its page", async () => {
  const { user, container } = await openView(Keys, { host: new FakeHost(fourProviders()), screen: "keys" });
  const row = await screen.findByRole("row", { name: /hedge-test/ });
  expect(within(row).getByText("rotate it")).toHaveAttribute("title", expect.stringContaining("rotate it every 90 d"));
  await user.click(row);
  expect(container.querySelector(".facts")).toHaveTextContent("Due Entered for Test at Hedge Payments 104 d ago; rotate it every 90 d");
});

test("what the provider asks of a key is chosen among its answers", async () => {
  const world = fourProviders();
  const choice = {
    id: "merchant_access",
    label: "Merchant access",
    required: false,
    form: "choice" as const,
    choices: [
      { id: "all", label: "All merchants" },
      { id: "one", label: "One merchant" },
    ],
  };
  const signing = {
    id: "private_key",
    label: "Signing key",
    kind: "private-key" as const,
    authenticates: true,
    fields: [choice],
    encodings: [],
    prefixes: {},
    note: null,
  };
  const providers = world.providers!.map((provider) => (provider.id === "gr4vy" ? { ...provider, credentials: [signing] } : provider));
  const { user, host } = await openView(Keys, {
    host: new FakeHost({ ...world, providers }),
    screen: "keys",
    params: { key: "checkout-2026-11" },
  });
  await user.click(await screen.findByRole("combobox", { name: /Merchant access/ }));
  await user.click(await screen.findByRole("option", { name: "One merchant" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(host.asked("credential_set")).toEqual([{ name: "checkout-2026-11", fields: { merchant_access: "one" } }]));
});
