import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import type { OwnDefinition } from "../../host/wire";
import { stumbles } from "../../testing/door";
import { openView } from "../../testing/view";
import Settings from "../../views/Settings.svelte";

const ACME: OwnDefinition = {
  id: "acme-pay",
  name: "Acme Pay",
  standsIn: false,
  file: "/home/ada/acme.toml",
  onDisk: "same",
  changes: [],
  problem: null,
};

const MOVED: OwnDefinition = {
  ...ACME,
  onDisk: "changed",
  changes: [
    {
      path: "environments[live].base-url",
      words: 'environments[live].base-url was "https://a.example", is "https://b.example"',
      touches: "where a credential is sent",
    },
    { path: "scopes.values[x].title", words: 'scopes.values[x].title was "X", is "Y"', touches: null },
  ],
};

async function settings(...definitions: OwnDefinition[]) {
  return openView(Settings, { host: new FakeHost({ definitions }), screen: "settings" });
}

test("without one, it says what one is; a file is added", async () => {
  const { user, host } = await settings();
  expect(screen.getByText("Built in: Gr4vy. Another API is one file: begin one, edit it in your editor, and add it.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Add a definition file…" }));
  expect(await screen.findByText("Acme Pay")).toBeVisible();
  expect(screen.getByText("as its file says")).toBeVisible();
  expect(host.asked("definition_add")).toHaveLength(1);
  expect(await stumbles()).toEqual([]);
});

test("one is begun under a name", async () => {
  const { user, host } = await settings();
  await user.click(screen.getByRole("button", { name: "Begin a definition…" }));
  await user.click(screen.getByRole("button", { name: "Save as…" }));
  expect(screen.getByRole("alert")).toHaveTextContent("An API needs a name.");
  await user.type(screen.getByLabelText("Name of the API"), " Acme Pay {Enter}");
  await waitFor(() => expect(host.asked("definition_begin")).toEqual([{ name: "Acme Pay" }]));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("what changed in its file is shown, and followed only when that is said", async () => {
  const { user, host } = await settings(MOVED);
  const list = screen.getByRole("list", { name: "Changes of Acme Pay" });
  expect(
    within(list)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual([
    'environments[live].base-url was "https://a.example", is "https://b.example" where a credential is sent',
    'scopes.values[x].title was "X", is "Y"',
  ]);
  expect(screen.getByText("2 changes in its file are not followed yet. Live keys follow only once you agree.")).toBeVisible();
  expect(await stumbles()).toEqual([]);
  expect(host.asked("definition_update")).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Follow the changes of Acme Pay" }));
  await waitFor(() => expect(screen.queryByRole("list", { name: "Changes of Acme Pay" })).toBeNull());
  expect(host.asked("definition_update")).toEqual([{ name: "acme-pay" }]);
});

test("a no to live keys stays where it was said", async () => {
  const { user, host } = await settings(MOVED);
  host.answer("definition_update", () => {
    throw {
      code: "live-without-consent",
      message: "following the changed definition (where a credential is sent) for Live, which is live, wants consent",
    };
  });
  await user.click(screen.getByRole("button", { name: "Follow the changes of Acme Pay" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("wants consent");
  expect(screen.getByRole("list", { name: "Changes of Acme Pay" })).toBeVisible();
});

test("a file that is none any more says why; what counts stays", async () => {
  await settings({
    ...ACME,
    onDisk: "unfit",
    problem: { code: "malformed", message: 'acme.toml, line 3, column 1: "nam" is not known here', hint: 'did you mean "name"?' },
  });
  expect(screen.getByRole("alert")).toHaveTextContent("line 3, column 1");
  expect(screen.queryByRole("button", { name: "Follow the changes of Acme Pay" })).toBeNull();
});

test("one is forgotten, unless a profile needs it", async () => {
  const { user, host } = await settings(ACME);
  host.world.profiles = host.world.profiles.map((profile) => ({ ...profile, provider: "acme-pay" }));
  await user.click(screen.getByRole("button", { name: "Forget the definition of Acme Pay" }));
  expect(await screen.findByRole("alert")).toHaveTextContent('The provider "acme-pay" is used by');
  host.world.profiles = [];
  await user.click(screen.getByRole("button", { name: "Forget the definition of Acme Pay" }));
  await waitFor(() => expect(screen.queryByText("Acme Pay")).toBeNull());
  expect(screen.queryByRole("alert")).toBeNull();
});

test("an edited file is looked at when one comes back to the window", async () => {
  const { host } = await settings(ACME);
  host.world.definitions = [MOVED];
  window.dispatchEvent(new Event("focus"));
  expect(await screen.findByRole("list", { name: "Changes of Acme Pay" })).toBeVisible();
});
