/** Each screen is opened, left and come back to: what it shows then must follow what is chosen, as on the first visit. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { fourProviders } from "../host/fake/data";
import { delivery } from "../host/fake/webhooks";
import type { Screen } from "../state/route.svelte";
import { openWindow, unlock, type Window } from "../testing/door";
import "./Inspect.svelte";
import "./Keys.svelte";
import "./Profiles.svelte";
import "./Settings.svelte";

async function goTo({ route }: Window, name: Screen) {
  const before = screen.getByRole("main");
  route.go(name);
  await waitFor(() => expect(before).not.toBeInTheDocument());
  await screen.findByRole("main");
}

/** The window, come back to a screen that was open once and left. */
async function returned(name: Screen, first: (window: Window) => Promise<unknown> = () => Promise.resolve()) {
  const window = openWindow(new FakeHost(fourProviders()));
  await unlock(window);
  await goTo(window, name === "settings" ? "keys" : "settings");
  await goTo(window, name);
  await first(window);
  await goTo(window, name === "settings" ? "keys" : "settings");
  await goTo(window, name);
  return window;
}

const listen = async ({ user }: Window) => {
  await user.click(await screen.findByRole("tab", { name: "Webhook" }));
  await user.click(screen.getByRole("radio", { name: "Listen" }));
};

test("Listen shows the delivery that is chosen, also where none was chosen before", async () => {
  const window = await returned("inspect", listen);
  const { user, host } = window;
  await user.type(screen.getByLabelText("Port"), "18123");
  await user.click(screen.getByRole("button", { name: "Start listening" }));
  expect(await screen.findByText("http://127.0.0.1:18123")).toBeVisible();
  const deliveries = [delivery(1, "good"), delivery(2, "bad")];
  for (const delivery of deliveries) host.emit({ type: "delivered", delivery });
  const list = screen.getByRole("region", { name: "Deliveries" });
  await waitFor(() => expect(within(list).getAllByRole("button")).toHaveLength(2));
  const [bad, good] = within(list).getAllByRole("button") as [HTMLElement, HTMLElement];
  await user.click(good);
  expect(await screen.findByRole("heading", { name: "The signature is good." })).toBeVisible();
  await user.click(bad);
  await waitFor(() => expect(screen.queryByRole("heading", { name: "The signature is good." })).toBeNull());

  // What was looked at before counts as little as what was not.
  await user.click(good);
  host.answer("webhook_receiver", () => ({ address: "http://127.0.0.1:18123", deliveries }));
  await goTo(window, "keys");
  await goTo(window, "inspect");
  await user.click(within(await screen.findByRole("region", { name: "Deliveries" })).getAllByRole("button")[0] as HTMLElement);
  await waitFor(() => expect(screen.queryByRole("heading", { name: "The signature is good." })).toBeNull());

  // With no delivery there is no verdict, and the port that is typed counts.
  await user.click(screen.getByRole("button", { name: "Stop listening" }));
  const port = await screen.findByLabelText("Port");
  await user.clear(port);
  await user.type(port, "99999");
  expect(screen.getByRole("button", { name: "Start listening" })).toBeDisabled();
  await user.clear(port);
  await user.type(port, "18124");
  await user.click(screen.getByRole("button", { name: "Start listening" }));
  expect(await screen.findByText("http://127.0.0.1:18124")).toBeVisible();
  expect(await screen.findByText("The check of each delivery is shown here.")).toBeVisible();
  expect(host.asked("webhook_listen").map(({ port }) => port)).toEqual([18123, 18124]);
});

test("Inspect shows the token that is pasted", async () => {
  const { user } = await returned("inspect");
  const paste = (text: string) =>
    fireEvent(globalThis.window, Object.assign(new Event("paste", { cancelable: true }), { clipboardData: { getData: () => text } }));
  await paste("eyJhbGciOiJFUzUxMiJ9.eyJpc3MiOiJhIn0.c2ln");
  expect(await screen.findByRole("group", { name: "The token" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Clear" }));
  await paste("nothing of the kind");
  await waitFor(() => expect(screen.queryByRole("group", { name: "The token" })).toBeNull());
});

test("Build shows the place and the scopes that are chosen", async () => {
  const { desk, user } = await returned("build");
  desk.go({ profile: "Acme · Gr4vy", environment: "production" });
  expect(await screen.findByRole("heading", { name: "Build a token for Live" })).toBeInTheDocument();
  expect(await screen.findByText("Unsigned draft, 2 parts, the signature is missing")).toBeInTheDocument();
  desk.go({ profile: "Acme · Gr4vy", environment: "local" });
  expect(await screen.findByText(/^Token, 3 parts, expires in/)).toBeInTheDocument();
  await user.click(await screen.findByRole("button", { name: "Remove buyers.read" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Remove buyers.read" })).toBeNull());
});

test("Keys narrows its list to what is typed", async () => {
  const { user } = await returned("keys");
  const list = screen.getByRole("region", { name: "Keys" });
  expect(within(list).getByText("hedge-test")).toBeVisible();
  await user.type(screen.getByRole("searchbox"), "checkout");
  await waitFor(() => expect(within(list).queryByText("hedge-test")).toBeNull());
});

test("Profiles shows the profile that is chosen", async () => {
  const { user } = await returned("profiles");
  await user.click(screen.getByRole("button", { name: /^Acme · Hedge/ }));
  expect(await screen.findByRole("heading", { level: 2, name: "Acme · Hedge" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: /^Acme · Gr4vy/ }));
  expect(await screen.findByRole("heading", { level: 2, name: "Acme · Gr4vy" })).toBeVisible();
});

test("Settings show the theme that is chosen", async () => {
  const { user } = await returned("settings");
  await user.click(screen.getByRole("radio", { name: "Dark" }));
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  expect(screen.getByRole("radio", { name: "Dark" })).toBeChecked();
});
