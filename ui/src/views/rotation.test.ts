/** A rotation as a person goes through it, on the page of its key. */
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import { FakeHost } from "../host/fake";
import { fourProviders } from "../host/fake/data";
import { begin, play } from "../host/fake/rotation";
import { REFUSED, ROTATED, underway } from "../host/fake/underway";
import type { Rotation } from "../host/wire";
import { stumbles } from "../testing/door";
import { openView } from "../testing/view";
import Keys from "./Keys.svelte";

const NEXT = `${ROTATED}-next`;
afterEach(() => vi.useRealTimers());

const press = (name: string | RegExp) => screen.findByRole("button", { name });
const current = () => document.querySelector('[aria-current="step"]');
const state = (host: FakeHost, key: string) => host.world.lives.get(key)?.state;
const openKey = (host: FakeHost, key = ROTATED) => openView(Keys, { host, screen: "keys", params: { key } });
const laterBy = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

test("a key says its state, its line, its true age, and how often it was accepted", async () => {
  const host = new FakeHost();
  underway(host.world, "prove");
  await openKey(host);
  const standing = await screen.findByLabelText("State of this key");
  expect(standing).toHaveTextContent(/active.*Sandbox at Gr4vy.*made 104 d ago.*last accepted \d\d:\d\d/);
  expect(await stumbles()).toEqual([]);
});

test("an imported key whose age nobody knows is due, and says so", async () => {
  const host = new FakeHost();
  host.world.keys = host.world.keys.map((key) => ({ ...key, made: null }));
  const { user } = await openKey(host);
  expect(await screen.findByText(/^Nobody knows how old checkout-2026-11 is/)).toBeVisible();
  expect(screen.getByLabelText("State of this key")).toHaveTextContent("nobody knows when it was made");
  const buttons = await screen.findAllByRole("button", { name: "Rotate…" });
  await user.click(buttons[0] as HTMLElement);
  expect(await screen.findByRole("dialog", { name: "Rotate checkout-2026-11" })).toBeVisible();
});

test("before it begins one sees the steps, the waits, and what the next key may do there", async () => {
  const host = new FakeHost();
  const { user } = await openKey(host);
  await user.click(await press("Rotate…"));
  const dialog = within(await screen.findByRole("dialog"));
  expect((await dialog.findAllByRole("listitem")).map((item) => item.querySelector("b")?.textContent)).toEqual([
    "Make the next key",
    "Publish it",
    "Activate it",
    "Prove it",
    "Hand it over",
    "Promote it",
    "Watch the old key",
    "Retire the old key",
    "Delete the old key there",
    "Move the old key to the trash",
  ]);
  expect(await stumbles()).toEqual([]);
  // Nothing is asked of the provider before a person begins.
  expect(dialog.getByText("It is read before the next key is published, which gets the same.")).toBeVisible();

  // A slower deploy is a longer wait.
  await user.click(dialog.getByRole("combobox", { name: /^Slowest deploy/ }));
  await user.click(await screen.findByRole("option", { name: "7 d" }));
  await waitFor(() => expect(host.asked("rotation_plan").at(-1)).toMatchObject({ times: { slowestDeploy: 604_800 } }));

  await user.click(dialog.getByRole("button", { name: "Begin" }));
  await waitFor(() => expect(host.asked("rotation_start")).toHaveLength(1));
  expect(host.asked("rotation_start")[0]).toMatchObject({ key: ROTATED, mode: "planned", times: { slowestDeploy: 604_800 } });
  expect(host.asked("rotation_go_on")).toEqual([]);
  expect(await screen.findByRole("heading", { name: "Rotation" })).toBeVisible();
});

test("a whole rotation, with its waits, from begin to trash", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["Date"] });
  const host = new FakeHost();
  begin(host.world, ROTATED, "planned");
  const { user } = await openKey(host);
  for (const [step, name] of [
    ["make", "Make the next key"],
    ["publish", "Publish it"],
    ["activate", "Activate it"],
    ["prove", "Send the proof"],
    ["hand-over", "Go on"],
  ]) {
    await waitFor(() => expect(current()).toContainElement(screen.getByRole("button", { name: name as string })));
    await user.click(screen.getByRole("button", { name: name as string }));
    await waitFor(() => expect(host.world.rotations[0]?.done.some((done) => done.step === step)).toBe(true));
  }
  expect(await screen.findByText("a server accepted it with 200")).toBeVisible();
  expect(state(host, ROTATED)).toBe("active");
  expect(state(host, NEXT)).toBe("published");

  // It is not safe yet, and says for how long and why.
  expect(await screen.findByText(/^Safe from .*, in \d+ s\.$/)).toBeVisible();
  expect(screen.getByText(/the time until the provider has seen it everywhere, 30 s/)).toBeVisible();
  laterBy(31);
  await user.click(await press("Promote it"));
  await waitFor(() => expect(state(host, NEXT)).toBe("active"));
  expect(state(host, ROTATED)).toBe("retiring");
  expect(host.world.profiles[0]?.keys["sandbox"]).toBe(NEXT);

  expect(await screen.findByText(/^The provider saw the old key last/)).toBeVisible();
  laterBy(86_401);
  await user.click(await press("Look again"));
  expect(await screen.findByText(/^the provider saw it last/)).toBeVisible();
  laterBy(3_700);
  await user.click(await press("Retire it"));
  await waitFor(() => expect(state(host, ROTATED)).toBe("retired"));
  laterBy(86_401);
  await user.click(await press("Delete it there"));
  await user.click(await press("Move it to the trash"));
  await waitFor(() => expect(host.world.rotations[0]?.course).toBe("done"));
  expect(await screen.findAllByText("Done. The old key is in the trash.")).not.toEqual([]);
  expect(host.world.keys.find(({ name }) => name === ROTATED)?.deleted).not.toBeNull();
}, 30_000);

test("who goes earlier reads what can break first, and may turn back", async () => {
  const host = new FakeHost();
  const one = begin(host.world, ROTATED, "planned");
  play(host.world, one, "hand-over", () => Math.floor(Date.now() / 1000));
  const { user } = await openKey(host);
  await user.click(await press("Go earlier…"));
  let dialog = within(await screen.findByRole("dialog", { name: "Promote it before its time?" }));
  expect(dialog.getByText("Some servers of the provider may not know the next key, and refuse its calls.")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Cancel" })).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(host.asked("rotation_hurry")).toEqual([]);

  await user.click(await press("Go earlier…"));
  dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Go earlier" }));
  await waitFor(() => expect(host.asked("rotation_hurry")).toEqual([{ rotation: one.id, step: "promote" }]));
  await user.click(await press("Promote it"));
  expect(await screen.findByText(/ early$/)).toBeVisible();
});

test("a refusal stops it with a cure, and by hand one pastes, copies and says so", async () => {
  const host = new FakeHost();
  host.world.troubles.set("publish", REFUSED);
  const one = begin(host.world, ROTATED, "planned");
  const { user } = await openKey(host);
  await user.click(await press("Make the next key"));
  await user.click(await press("Publish it"));
  const stopped = await screen.findByText("The provider refused to activate the next key, with 403.");
  expect(stopped.closest("[role=alert]")).toHaveTextContent("take the step by hand");
  expect(await stumbles()).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Take it by hand" }));
  expect(await screen.findByText(/create a key pair of your own public key/)).toBeVisible();
  expect(screen.getByLabelText("What to paste")).toHaveTextContent("BEGIN PUBLIC KEY");
  await user.click(screen.getByRole("button", { name: "Copy the public key (PEM)" }));
  await waitFor(() => expect(host.world.clipboard).toContain("BEGIN PUBLIC KEY"));
  expect(screen.getByText("https://acme.gr4vy.app/settings/api-keys")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "I did it" }));
  expect(await screen.findByText("you said so")).toBeVisible();
  expect(one.done.map(({ step }) => step)).toEqual(["make", "publish"]);
});

test("what is refused stays with the step, and goes when the rotation goes on", async () => {
  const host = new FakeHost();
  begin(host.world, ROTATED, "planned");
  host.answer("rotation_go_on", () => {
    throw { code: "system", message: "no answer came within 30 s", hint: "look at the network, then try again" };
  });
  const { user } = await openKey(host);
  await user.click(await press("Make the next key"));
  expect(await screen.findByText("No answer came within 30 s.")).toBeVisible();
  expect(screen.getByText("Look at the network, then try again.")).toBeVisible();
  // Another word about the same rotation, and what was said of it before is gone.
  await user.click(screen.getByRole("button", { name: "Give it up…" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Give it up" }));
  await waitFor(() => expect(screen.queryByText("No answer came within 30 s.")).toBeNull());
  expect(await screen.findAllByText("Given up. The old key stays as it was.")).not.toEqual([]);
  expect(state(host, ROTATED)).toBe("active");
});

test("a promotion is taken back, after words on what that means", async () => {
  const host = new FakeHost();
  underway(host.world, "promote");
  const { user } = await openKey(host);
  await user.click(await press("Take it back…"));
  const dialog = within(await screen.findByRole("dialog", { name: `Take the promotion back to ${ROTATED}?` }));
  expect(dialog.getByText(`Every profile that calls with ${NEXT} calls with ${ROTATED} again, all at once.`)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Take it back" }));
  await waitFor(() => expect(state(host, ROTATED)).toBe("active"));
  expect(state(host, NEXT)).toBe("published");
  expect(host.world.profiles[0]?.keys["sandbox"]).toBe(ROTATED);
});

test("each place gets the next key in a press, is ticked, or is said to be unknown", async () => {
  const host = new FakeHost();
  underway(host.world, "prove");
  const { user } = await openKey(host);
  expect(await press("Go on")).toBeDisabled();
  expect(await stumbles()).toEqual([]);
  await user.click(await press("Give it the next key…: ci of the shop"));
  await waitFor(() => expect(host.asked("rotation_place_serve")).toMatchObject([{ to: "ci of the shop" }]));
  // Of a place that a person noted nobody knows the form: it is ticked, or not known.
  expect(screen.queryByRole("button", { name: "Give it the next key…: staging server" })).toBeNull();
  await user.click(await press("I do not know: staging server"));

  await user.type(screen.getByLabelText("Add a place"), "my own laptop{Enter}");
  await user.click(await press("It has the next key: my own laptop"));
  await waitFor(() => expect(screen.getByRole("button", { name: "Go on" })).toBeEnabled());
  expect(host.world.rotations[0]?.places.map(({ handed }) => handed)).toEqual(["given", "unknown", "given"]);
  await user.click(screen.getByRole("button", { name: "Go on" }));
  expect(await press("Promote it")).toBeVisible();
});

test("a rotation that is left is found again: on another screen, on the page of either key, and after a restart", async () => {
  const host = new FakeHost();
  underway(host.world, "hand-over");
  const first = await openKey(host);
  await waitFor(() => expect(current()).toHaveTextContent("Promote it"));
  first.route.go("keys", { key: NEXT });
  expect(await screen.findByRole("heading", { level: 1, name: NEXT })).toBeVisible();
  await waitFor(() => expect(current()).toHaveTextContent("Promote it"));
  first.container.remove();

  // Another program over the same vault.
  const again = new FakeHost({ ...host.world, emit: () => undefined });
  await openKey(again);
  await waitFor(() => expect(current()).toHaveTextContent("Promote it"));
});

test("what the program tells of a rotation is shown without asking", async () => {
  const host = new FakeHost();
  underway(host.world, "hand-over");
  const { desk } = await openKey(host);
  await waitFor(() => expect(current()).toHaveTextContent("Promote it"));
  const told = structuredClone(await host.call("rotation_show", { rotation: "r-1" })) as Rotation;
  const { useLines } = await import("../state/lines.svelte");
  useLines(desk).take({ ...told, current: "promote", now: { do: "pause", step: "promote", until: Math.floor(Date.now() / 1000) + 900 } });
  expect(await screen.findByText(/^The provider may not show yet what was done/)).toBeVisible();
});

test("keys at the provider that nobody can use stay listed", async () => {
  const host = new FakeHost();
  underway(host.world, "prove");
  const one = host.world.rotations[0];
  if (one !== undefined) one.orphans = [{ pair: "pair-lost", label: "checkout (r1)", why: "lost", refused: true }];
  await openKey(host);
  const orphans = await screen.findByRole("group", { name: "Still at the provider" });
  expect(orphans).toHaveTextContent("pair-lost");
  expect(orphans).toHaveTextContent("Its private half was shown once and never arrived here. · The provider refused to delete it.");
});

test("for a live key the list offers to try it in the test environment first", async () => {
  const host = new FakeHost();
  const { user, route } = await openKey(host, "checkout-live-2026-11");
  await user.click(await press("Rotate…"));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: /^Try the whole rotation in Sandbox/ }));
  expect(route.params["key"]).toBe(ROTATED);
  expect(await screen.findByRole("dialog", { name: `Rotate ${ROTATED}` })).toBeVisible();
});

test("an API key that the provider makes is pasted, and a refused paste says why", async () => {
  const host = new FakeHost(fourProviders());
  begin(host.world, "hedge-test", "planned");
  const { user } = await openKey(host, "hedge-test");
  const field = await screen.findByLabelText("The new key, as it is shown there");
  await user.type(field, "short");
  await user.click(screen.getByRole("button", { name: "Take it" }));
  expect(await screen.findByText(/fewer than 8 characters/)).toBeVisible();
  await user.type(field, "test_1234567890");
  expect(screen.queryByText(/fewer than 8 characters/)).toBeNull();
  await user.click(screen.getByRole("button", { name: "Take it" }));
  expect(await screen.findByText(/Use the next key once in your own way/)).toBeVisible();
  expect(field).not.toBeInTheDocument();
  expect(host.world.rotations[0]?.next).toBe("hedge-test-next");
});

test("where the provider does not tell, silence is the person's word", async () => {
  const host = new FakeHost(fourProviders());
  const one = begin(host.world, "hedge-test", "planned");
  play(host.world, one, "promote", () => Math.floor(Date.now() / 1000));
  const { user } = await openKey(host, "hedge-test");
  expect(await screen.findByText(/does not tell who uses the old key, so Keywright cannot know/)).toBeVisible();
  await user.click(await press("It is silent, I say so"));
  await waitFor(() => expect(one.done.at(-1)).toMatchObject({ step: "watch", evidence: { by: "said" } }));
});

test("a leak: what it touches, two ways with what each breaks, and nothing is done before one is chosen", async () => {
  const host = new FakeHost();
  const { user } = await openKey(host);
  await user.click(await press("This key leaked…"));
  const dialog = within(await screen.findByRole("dialog", { name: `${ROTATED} leaked` }));
  expect(await dialog.findByText("Acme · Gr4vy (sandbox)")).toBeVisible();
  expect(dialog.getByRole("radio", { name: /^Disable first, then repair/ })).toBeChecked();
  expect(dialog.getByText("Calls fail until the next key is promoted: Acme · Gr4vy (sandbox).")).toBeVisible();
  expect(dialog.getByText("Whoever has the leaked key can call with it until the next one works.")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Cancel" })).toHaveFocus();
  expect(await stumbles()).toEqual([]);
  expect(host.asked("rotation_start")).toEqual([]);

  await user.click(dialog.getByRole("radio", { name: /^Replace first/ }));
  await user.click(dialog.getByRole("button", { name: "Begin: replace first" }));
  await waitFor(() => expect(host.asked("rotation_start")).toMatchObject([{ key: ROTATED, mode: "replace-first" }]));
  expect(await screen.findByRole("heading", { name: "Incident: replaced first" })).toBeVisible();
  await waitFor(() => expect(current()).toHaveTextContent("Make the next key"));
});

test("disabled first, no key is active until the next is promoted", async () => {
  const host = new FakeHost();
  const one = begin(host.world, ROTATED, "disable-first");
  const { user } = await openKey(host);
  await user.click(await press("Disable it now"));
  await waitFor(() => expect(state(host, ROTATED)).toBe("compromised"));
  expect(await screen.findByLabelText("State of this key")).toHaveTextContent("leaked");
  for (const name of ["Make the next key", "Publish it", "Activate it", "Send the proof", "Promote it"])
    await user.click(await press(name));
  await waitFor(() => expect(state(host, NEXT)).toBe("active"));
  expect(one.mode).toBe("disable-first");
});

test("the history and the copies of a key; a copy that is noted is asked for in a rotation", async () => {
  const host = new FakeHost();
  const { user } = await openKey(host);
  const story = await screen.findByRole("region", { name: "History" });
  expect(story).toHaveTextContent("It came into the vault: generated here.");
  expect(story).toHaveTextContent("No copy is known outside of this vault.");
  await user.type(within(story).getByLabelText("Where is a copy?"), "ci{Enter}");
  await waitFor(() => expect(screen.getByRole("region", { name: "History" })).toHaveTextContent("ci, noted"));
  expect(begin(host.world, ROTATED, "planned").places).toEqual([{ to: "ci", form: null, handed: "open" }]);
});

test("the picture has a table for who prefers it, and for who hears it", async () => {
  const host = new FakeHost();
  underway(host.world, "promote");
  const { user } = await openKey(host);
  const picture = await screen.findByRole("img", { name: /^2 keys from/ });
  const rows = within(screen.getByRole("table", { name: /^Keys of Sandbox at Gr4vy/ })).getAllByRole("row");
  expect(rows.length).toBeGreaterThan(4);
  await user.click(screen.getByRole("button", { name: "As a table" }));
  expect(picture).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "As a picture" })).toHaveAttribute("aria-pressed", "true");
  expect(await stumbles()).toEqual([]);
});

test("the last key of a line is not deleted from under its profiles without a word", async () => {
  const host = new FakeHost();
  const { user } = await openKey(host);
  await screen.findByLabelText("State of this key");
  await user.click(await press("Delete"));
  const dialog = within(await screen.findByRole("dialog", { name: `${ROTATED} is in use` }));
  expect(dialog.getByText("Acme · Gr4vy (sandbox)")).toBeVisible();
  expect(host.asked("key_delete")).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "End its use and delete it" }));
  await waitFor(() => expect(host.asked("key_delete_ending_use")).toEqual([{ name: ROTATED }]));
  expect(host.asked("key_delete")).toEqual([]);
});

test("the list shows states and what is due, and narrows to it", async () => {
  const host = new FakeHost(fourProviders());
  underway(host.world, "promote");
  const { user } = await openView(Keys, { host, screen: "keys" });
  expect(await screen.findByText("retiring", { selector: ".state" })).toBeVisible();
  await user.click(await screen.findByRole("radio", { name: "Due 1" }));
  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
  expect(screen.getByText("hedge-test", { selector: ".name" })).toBeVisible();
  expect(screen.getByText("rotate it", { selector: ".state" })).toBeVisible();
});

test("a second key at a place is a draft beside the first, in words and in fact", async () => {
  const host = new FakeHost();
  const { user, toasts } = await openView(Keys, { host, screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Generate" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("combobox", { name: /^For/ }));
  await user.click(await screen.findByRole("option", { name: /Acme · Gr4vy, Sandbox/ }));
  expect(await dialog.findByText(/^checkout-2026-11 goes on calling\. The new one is a draft beside it/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Generate" }));
  await waitFor(() => expect(toasts.shown.at(-1)?.text).toMatch(/is made and sealed, a draft beside checkout-2026-11$/));
  expect(host.world.profiles[0]?.keys["sandbox"]).toBe("checkout-2026-11");
  const name = toasts.shown.at(-1)?.text.split(" ")[0] ?? "";
  const row = (await screen.findByText(name, { selector: "[role=grid] *" })).closest<HTMLElement>("[role=row]");
  expect(within(row as HTMLElement).getByText("draft", { selector: ".state" })).toBeVisible();
});
