import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import { entry } from "../../host/fake/emulator";
import { stumbles } from "../../testing/door";
import { setUp } from "../../testing/workbench";
import Build from "../Build.svelte";

async function build(environment = "local") {
  const host = new FakeHost();
  const workbench = setUp(host);
  await workbench.desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  workbench.desk.go({ profile: "Acme · Gr4vy", environment });
  render(Build, { context: workbench.context });
  await screen.findByRole("textbox", { name: "Claims editor" });
  return { host, ...workbench, user: userEvent.setup() };
}

/** The log, open, of an emulator that runs. */
async function opened() {
  const window = await build();
  await window.user.click(screen.getByRole("button", { name: "Emulator…" }));
  await window.user.click(await screen.findByRole("button", { name: "Start it" }));
  await screen.findByText("http://127.0.0.1:40123/gr4vy");
  return window;
}
const log = () => screen.getByRole("region", { name: "What it saw" });

test("is offered on this computer alone, and says when it does not run", async () => {
  const { user, desk } = await build();
  await user.click(screen.getByRole("button", { name: "Emulator…" }));
  expect(await screen.findByText(/It starts with the first call to Local/)).toBeVisible();
  expect(await stumbles()).toEqual([]);
  await user.keyboard("{Escape}");
  desk.go({ profile: "Acme · Gr4vy", environment: "sandbox" });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Emulator…" })).toBeNull());
});

test("shows each request as it comes, the newest first, with what was checked and why it was refused", async () => {
  const { host } = await opened();
  expect(log()).toHaveTextContent("No request yet.");
  host.emit({ type: "emulated", entry: entry(1) });
  host.emit({
    type: "emulated",
    entry: entry(2, {
      status: 401,
      outcome: "refused",
      refusedAt: "signature",
      reason: "the signature does not verify with this key",
      passed: ["authorization", "form"],
      notes: ["the jti was seen before"],
    }),
  });
  await waitFor(() => expect(within(log()).getAllByRole("listitem")).toHaveLength(2));
  const [newest, oldest] = within(log()).getAllByRole("listitem") as [HTMLElement, HTMLElement];
  expect(newest).toHaveTextContent(
    /14:06:40.*401.*refused at signature.*The signature does not verify with this key\..*passed: authorization, form.*The jti was seen before\./,
  );
  expect(oldest).toHaveTextContent(/200.*accepted/);
  expect(await stumbles()).toEqual([]);
});

test("two hundred requests are kept, and closing it ends the listening", async () => {
  const { host, user } = await opened();
  for (let number = 1; number <= 250; number += 1) host.emit({ type: "emulated", entry: entry(number) });
  await waitFor(() => expect(within(log()).getAllByRole("listitem")).toHaveLength(200));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("region", { name: "What it saw" })).toBeNull());
  host.emit({ type: "emulated", entry: entry(251) });
  await user.click(screen.getByRole("button", { name: "Emulator…" }));
  expect(await screen.findByText(/No request yet/)).toBeVisible();
});

test("misbehaves as it is told, and a text that is not a number is named", async () => {
  const { host, user } = await opened();
  await user.type(screen.getByLabelText("Clock, s ahead"), "-40");
  await user.type(screen.getByLabelText("Delay, ms"), "soon");
  expect(screen.getByText("Delay, ms: a whole number from 0 to 600,000.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Set these faults" })).toBeDisabled();
  await user.clear(screen.getByLabelText("Delay, ms"));
  await user.click(screen.getByRole("button", { name: "Set these faults" }));
  expect(host.asked("emulator_misbehave")).toEqual([{ skew: -40, delayMs: 0, fail: null, breakOff: false, limit: null }]);
  expect(screen.getByLabelText("In seconds")).toBeDisabled();
  await user.type(screen.getByLabelText("Calls of each caller"), "3");
  await user.click(screen.getByRole("button", { name: "Set these faults" }));
  await waitFor(() => expect(host.asked("emulator_misbehave").at(-1)).toMatchObject({ skew: -40, limit: { calls: 3, seconds: 60 } }));
  await user.click(screen.getByRole("button", { name: "Without faults" }));
  await waitFor(() => expect(screen.getByLabelText("Calls of each caller")).toHaveValue(""));
  await waitFor(() => expect(screen.getByLabelText("Clock, s ahead")).toHaveValue(""));
});

test("what happens once is said, also where there is nothing to revoke; a reset starts afresh", async () => {
  const { host, user, toasts } = await opened();
  await user.click(screen.getByRole("button", { name: "Expire access tokens" }));
  await waitFor(() => expect(toasts.shown.map(({ text }) => text)).toContain("Every access token has expired there."));
  await user.click(screen.getByRole("button", { name: "Revoke demo" }));
  expect(await screen.findByText(/nothing happened/)).toBeVisible();
  expect(host.asked("emulator_cause").at(-1)).toEqual({ do: "revoke", place: { profile: "Acme · Gr4vy", environment: "local" } });

  host.emit({ type: "emulated", entry: entry(1) });
  await within(log()).findAllByRole("listitem");
  await user.click(screen.getByRole("button", { name: "Reset" }));
  await waitFor(() => expect(within(log()).queryAllByRole("listitem")).toHaveLength(0));
  expect(toasts.shown.map(({ text }) => text)).toContain("The emulator starts afresh.");
});
