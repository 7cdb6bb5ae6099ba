import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import { FakeHost } from "./host/fake";
import { manyKeys } from "./host/fake/keys";
import { SCREENS } from "./state/route.svelte";
import { stopClock } from "./testing/clock";
import { openWindow, stumbles, unlock } from "./testing/door";

const GOOD = "eyJhbGciOiJFUzUxMiJ9.eyJpc3MiOiJhIn0.c2ln";

async function opened(host?: FakeHost) {
  const window = openWindow(host);
  await unlock(window);
  return window;
}

afterEach(() => vi.useRealTimers());

test("the screens are reached by their keys, and the way back too", async () => {
  const { user, route } = await opened();
  const page = () => screen.getByRole("navigation", { name: "Screens" }).querySelector("[aria-current=page]");

  await user.keyboard("{Control>}3{/Control}");
  expect(page()).toHaveTextContent("Keys");
  await user.keyboard("{Control>},{/Control}");
  expect(page()).toHaveTextContent("Settings");
  await user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
  expect(page()).toHaveTextContent("Keys");
  await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
  expect(route.screen).toBe("settings");
});

test("a start that asks for it begins at Inspect, with the vault locked", async () => {
  const host = new FakeHost();
  host.world.start.inspect = true;
  openWindow(host);
  expect(await screen.findByRole("heading", { level: 1, name: "Inspect a token" })).toBeVisible();
});

test("a second start that asks for Inspect brings the open window there", async () => {
  const { host, route } = await opened();
  host.emit({ type: "inspect-asked" });
  expect(route.screen).toBe("inspect");
});

test("the focus goes on in the screen that took the place of another", async () => {
  const { user } = await opened();
  const build = await screen.findByRole("main");
  build.tabIndex = -1;
  build.focus();
  await user.keyboard("{Control>}4{/Control}");

  await waitFor(() => expect(build).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole("main")).toHaveFocus());
});

test.each(SCREENS)("%s has one heading of the first level in one main part, and every landmark a name", async (name) => {
  const { route } = await opened();
  const build = await screen.findByRole("main");
  route.go(name);
  if (name !== "build") await waitFor(() => expect(build).not.toBeInTheDocument());
  // Both throw where there are two of them.
  await waitFor(() => expect(screen.getByRole("main")).toContainElement(screen.getByRole("heading", { level: 1 })));

  expect(screen.getByRole("banner")).toBeInTheDocument();
  expect(screen.getByRole("contentinfo", { name: "Status" })).toBeInTheDocument();
  for (const landmark of [...screen.getAllByRole("navigation"), ...screen.queryAllByRole("complementary")])
    expect(landmark).toHaveAccessibleName();
  expect(await stumbles()).toEqual([]);
});

test("what could not be copied is said, until it is dismissed or something is copied", async () => {
  const { user, host } = await opened();
  await waitFor(() => expect(screen.getByRole("button", { name: "Copy token" })).toBeEnabled());
  host.answer("clipboard_copy", () => Promise.reject({ code: "system", message: "there is no clipboard here" }));
  await user.keyboard("{Control>}{Shift>}c{/Shift}{/Control}");
  expect(await screen.findByText("There is no clipboard here.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(screen.queryByText("There is no clipboard here.")).toBeNull();
});

test("without a profile the sentence names no environment to choose from", async () => {
  const program = new FakeHost();
  program.world.profiles = [];
  program.world.place = null;
  await opened(program);
  expect(screen.getByRole("button", { name: "Profile: no profile yet" })).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Environment/ })).not.toBeInTheDocument();
});

test("a menu that is open has the keys to itself", async () => {
  const { user } = await opened();
  await user.keyboard("{Control>}e{/Control}");
  await screen.findByRole("menu");
  await user.keyboard("{Control>}k{/Control}");
  expect(screen.queryByRole("combobox", { name: "Search or run" })).not.toBeInTheDocument();

  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("menu")).not.toBeInTheDocument());
  expect(screen.getByRole("button", { name: "Environment: Sandbox test" })).toHaveFocus();
});

test("locking drops all that came out of the vault, and says when", async () => {
  const { user, host, desk, route, toasts } = await opened();
  route.go("inspect", { text: "a.b.c" });
  toasts.say("Renamed.");
  await user.keyboard("{Control>}{Shift>}l{/Shift}{/Control}");

  expect(host.asked("vault_lock").length).toBe(1);
  expect(await screen.findByLabelText("Passphrase")).toHaveFocus();
  expect(screen.getByText(/^Locked by you, at \d\d:\d\d\. What was copied here/)).toBeVisible();
  expect([desk.keys, desk.profiles, desk.place, desk.settings]).toEqual([[], [], null, null]);
  expect([route.params, toasts.shown]).toEqual([{}, []]);
});

test("locks over an open sheet too, of which nothing stays", async () => {
  const { user, route } = await opened();
  route.go("keys");
  await user.click(await screen.findByRole("button", { name: "Generate" }));
  await screen.findByRole("dialog", { name: "Generate a key" });
  await user.keyboard("{Control>}{Shift>}l{/Shift}{/Control}");

  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  await user.type(screen.getByLabelText("Passphrase"), "half");
  expect(screen.getByLabelText("Passphrase")).toHaveValue("half");
});

test("an idle lock names its minutes", async () => {
  const { host } = await opened();
  host.emit({ type: "locked", why: "idle", at: new Date(2026, 10, 22, 14, 31).getTime() / 1000 });

  expect(await screen.findByText("Locked after 10 min idle, at 14:31. What was copied here is off the clipboard.")).toBeVisible();
});

test("what another process wrote is read again", async () => {
  const { host, desk } = await opened();
  host.world.keys = host.world.keys.slice(0, 1);
  host.emit({ type: "vault-changed" });

  await waitFor(() => expect(desk.keys.length).toBe(1));
});

test("lists that cannot be read say so, and can be read again", async () => {
  const { host, user } = await opened();
  host.answer("keys_list", () => {
    throw { code: "vault", message: "the file is gone" };
  });
  host.emit({ type: "vault-changed" });
  expect(await screen.findByText("The file is gone.")).toBeVisible();

  host.answer("keys_list", () => []);
  await user.click(screen.getByRole("button", { name: "Load again" }));
  await waitFor(() => expect(screen.queryByText("The file is gone.")).not.toBeInTheDocument());
});

test("live is a bar and the word, and ends by itself", async () => {
  const { user, host, desk } = await opened();
  expect(screen.queryByRole("region", { name: "Live" })).not.toBeInTheDocument();

  await user.keyboard("{Control>}e{/Control}");
  const menu = await screen.findByRole("menu");
  expect(within(menu).getByRole("menuitemcheckbox", { name: /Sandbox/ })).toBeChecked();
  await user.click(within(menu).getByRole("menuitemcheckbox", { name: /Production/ }));

  expect(screen.getByRole("region", { name: "Live" })).toHaveTextContent(/LIVE.*api\.acme\.gr4vy\.app.*ends in (10|9) min/);
  expect(screen.getByText("Now for Production, LIVE, as Acme · Gr4vy")).toBeInTheDocument();

  host.emit({ type: "live-ended", place: { profile: "Acme · Gr4vy", environment: "sandbox" } });
  await waitFor(() => expect(screen.queryByRole("region", { name: "Live" })).not.toBeInTheDocument());
  expect(screen.getByText("Back to Sandbox: nothing was done for ten minutes.")).toBeVisible();
  expect(desk.tier).toBe("test");
});

test("another profile is taken where it is of the same tier, never into live", async () => {
  const { user, desk } = await opened();
  desk.go({ profile: "Acme · Gr4vy", environment: "production" });

  await user.keyboard("{Control>}p{/Control}");
  await user.click(await screen.findByRole("menuitemcheckbox", { name: /Demo/ }));
  expect(desk.place).toEqual({ profile: "Demo", environment: "local" });
});

test("the first key for a place becomes the profile's, and that can be undone", async () => {
  const { user, host, desk } = await opened();
  desk.go({ profile: "Demo", environment: "sandbox" });
  await screen.findByRole("button", { name: "Key: no key yet" });

  await user.keyboard("{Control>}j{/Control}");
  await user.click(await screen.findByRole("menuitemcheckbox", { name: /checkout-2026-11/ }));
  await screen.findByRole("button", { name: /^Key: checkout-2026-11/ });
  expect(host.asked("profile_change")).toEqual([{ name: "Demo", keys: { sandbox: "checkout-2026-11" } }]);

  await user.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByRole("button", { name: "Key: no key yet" });
});

test("another key than the profile's is for the draft only", async () => {
  const program = new FakeHost();
  const [first] = program.world.keys;
  if (first !== undefined) program.world.keys.push({ ...first, name: "laptop", binding: null });
  const { user, host } = await opened(program);
  await waitFor(() => expect(host.asked("draft_read").length).toBeGreaterThan(0));

  await user.keyboard("{Control>}j{/Control}");
  expect(await screen.findByRole("menuitemcheckbox", { name: /demo made for Local only/ })).toHaveAttribute("aria-disabled", "true");
  await user.click(screen.getByRole("menuitemcheckbox", { name: /laptop/ }));
  await waitFor(() => expect(host.asked("draft_read").at(-1)?.key).toBe("laptop"));
  expect(host.asked("profile_change")).toEqual([]);
});

test("the palette runs what is chosen by typing and Enter", async () => {
  const { user, desk } = await opened();
  const before = screen.getByRole("link", { name: "Keys" });
  before.focus();
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: "Search or run" });
  await waitFor(() => expect(field).toHaveFocus());

  await user.keyboard("prod");
  const rows = screen.getAllByRole("option");
  expect(rows[0]).toHaveTextContent(/For Production.*LIVE.*Acme/);
  expect(rows[0]).toHaveAttribute("aria-selected", "true");
  expect(field).toHaveAttribute("aria-activedescendant", rows[0]?.id);
  expect(within(rows[0] as HTMLElement).getByText("Prod").tagName).toBe("MARK");

  await user.keyboard("{ArrowDown}");
  expect(rows[1]).toHaveAttribute("aria-selected", "true");
  await user.keyboard("{ArrowUp}{Enter}");
  await waitFor(() => expect(desk.environment?.label).toBe("Production"));
  expect(before).toHaveFocus();
});

test("of ten thousand keys the palette and the sentence offer the likeliest, and say that there are more", async () => {
  const program = new FakeHost();
  program.world.keys = [...program.world.keys, ...manyKeys(10_000)];
  const { user } = await opened(program);
  await user.keyboard("{Control>}j{/Control}");
  const menu = await screen.findByRole("menu");
  expect(within(menu).getAllByRole("menuitemcheckbox")).toHaveLength(40);
  expect(within(menu).getByRole("menuitemcheckbox", { name: /checkout-2026-11/ })).toBeChecked();
  expect(within(menu).getByRole("menuitem", { name: /^9,9\d\d more under Keys…/ })).toBeVisible();
  await user.keyboard("{Escape}");

  await user.keyboard("{Control>}k{/Control}");
  await screen.findByRole("combobox", { name: "Search or run" });
  expect(screen.getAllByRole("option").length).toBeLessThan(120);
  await user.keyboard("service-09999");
  expect(screen.getAllByRole("option")[0]).toHaveTextContent("service-09999");
});

test("Escape closes the palette and the focus goes back", async () => {
  const { user } = await opened();
  const before = screen.getByRole("link", { name: "Keys" });
  before.focus();
  await user.keyboard("{Control>}k{/Control}");
  await screen.findByRole("combobox", { name: "Search or run" });
  await user.keyboard("nothing like it");
  expect(screen.getByText("Nothing goes by that name.")).toBeVisible();

  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("combobox", { name: "Search or run" })).not.toBeInTheDocument());
  expect(before).toHaveFocus();
});

test("the sheet lists the keys of the screen and of the window, and has them to itself", async () => {
  const { user, route } = await opened();
  await user.keyboard("{Control>}/{/Control}");
  const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });

  expect(within(sheet).getByText("Send").closest("div")).toHaveTextContent("Ctrl ↵");
  expect(within(sheet).getByText("Switch environment").closest("div")).toHaveTextContent("Ctrl E");
  await user.keyboard("{Control>}3{/Control}");
  expect(route.screen).toBe("build");
});

test("F6 goes through the panes and F8 to the latest message", async () => {
  const { user, toasts } = await opened();
  const inside = (selector: string) => document.activeElement?.closest(selector) !== null;
  // A document without layout shows nothing: every pane counts as visible here.
  vi.spyOn(HTMLElement.prototype, "getClientRects").mockReturnValue([{}] as unknown as DOMRectList);

  screen.getByRole("button", { name: /^Profile:/ }).focus();
  await user.keyboard("{F6}");
  expect(screen.getByRole("link", { name: "Build" })).toHaveFocus();
  await user.keyboard("{Shift>}{F6}{/Shift}");
  expect(inside(".bar")).toBe(true);

  toasts.undoable({ undo: 1, words: "Deleted demo." });
  await screen.findByText("Deleted demo.");
  await user.keyboard("{F8}");
  expect(screen.getByRole("button", { name: "Undo" })).toHaveFocus();
});

test("a paste that no field wants is read by the program, and a token in it is inspected", async () => {
  const { host, route, desk } = await opened();
  host.world.clipboard = `Authorization: Bearer ${GOOD}`;
  document.body.dispatchEvent(new Event("paste", { bubbles: true, cancelable: true }));

  await waitFor(() => expect(route.screen).toBe("inspect"));
  expect(host.asked("token_inspect_clipboard").length).toBe(1);
  expect(desk.unlocked).toBe(true);
});

test("a paste without a token stays where one is and says so", async () => {
  const { host, route } = await opened();
  host.world.clipboard = "milk and bread";
  document.body.dispatchEvent(new Event("paste", { bubbles: true, cancelable: true }));

  expect(await screen.findByText("There is no token on the clipboard.")).toBeVisible();
  expect(route.screen).toBe("build");
});

test("a paste on Keys imports", async () => {
  const { host, route } = await opened();
  route.go("keys");
  await screen.findByRole("link", { name: "Keys", current: "page" });
  document.body.dispatchEvent(new Event("paste", { bubbles: true, cancelable: true }));

  await waitFor(() => expect(host.asked("import_clipboard").length).toBe(1));
  expect(host.asked("token_inspect_clipboard")).toEqual([]);
});

test("a file that was not taken says why until it is read", async () => {
  const { host, user } = await opened();
  host.emit({ type: "drop-refused", error: { code: "malformed", message: "photo.png holds no key and no token" } });

  expect(await screen.findByText("Photo.png holds no key and no token.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(screen.queryByText("Photo.png holds no key and no token.")).not.toBeInTheDocument();
});

test("the status bar counts down what was copied, and says when it is gone", async () => {
  const { host, clipboard } = await opened();
  expect(screen.getByText("Nothing copied")).toBeVisible();

  await clipboard.copy(GOOD, "token");
  const span = async () => Number(/^Token copied, clears in (\d+) s$/.exec((await screen.findByText(/^Token copied/)).textContent)?.[1]);
  const first = await span();
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(45);
  await waitFor(async () => expect(await span()).toBeLessThan(first));

  host.emit({ type: "clipboard-cleared" });
  expect(await screen.findByText("Clipboard cleared")).toBeVisible();
});

test("somebody at the keys puts off the lock, told at most every ten seconds", async () => {
  const { host, user } = await opened();
  // Typing takes as long as it takes: what time it is then is said here.
  const clock = stopClock();
  const now = performance.now() + 60_000;
  clock.mockReturnValue(now);
  const before = host.asked("activity").length;
  await user.keyboard("aaaa");
  expect(host.asked("activity").length).toBe(before + 1);

  clock.mockReturnValue(now + 9_999);
  await user.keyboard("aaaa");
  expect(host.asked("activity").length).toBe(before + 1);

  clock.mockReturnValue(now + 10_001);
  // A calendar that is set back does not stop it.
  vi.spyOn(Date, "now").mockReturnValue(0);
  await user.keyboard("aaaa");
  expect(host.asked("activity").length).toBe(before + 2);
  vi.restoreAllMocks();
});

test("the text grows and shrinks by keys, and the choice is kept by the program", async () => {
  const { host, user } = await opened();
  await user.keyboard("{Control>}=={/Control}");
  await waitFor(() => expect(document.documentElement.style.getPropertyValue("--text-scale")).toBe("1.2"));
  expect(host.world.start.appearance.textPercent).toBe(120);

  await user.keyboard("{Control>}0{/Control}");
  await waitFor(() => expect(document.documentElement.style.getPropertyValue("--text-scale")).toBe("1"));
});

test.each([".bar", ".nav", ".status"])("%s has nothing that a screen reader stumbles over", async (part) => {
  await opened();
  expect(await stumbles(document.querySelector(part) as Element)).toEqual([]);
});

test.each([
  ["palette", "{Control>}k{/Control}"],
  ["sheet", "{Control>}/{/Control}"],
])("the %s has nothing that a screen reader stumbles over", async (_, keys) => {
  const { user } = await opened();
  await user.keyboard(keys);
  expect(await stumbles(await screen.findByRole("dialog"))).toEqual([]);
});
