import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { fourProviders } from "../host/fake/data";
import { stumbles } from "../testing/door";
import { openView } from "../testing/view";
import Keys from "./Keys.svelte";

test("checks what is ticked, live only if a person says so, and tells three answers apart", async () => {
  const host = new FakeHost(fourProviders());
  const { user } = await openView(Keys, { host, screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Check all…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Do all keys still work?" }));
  expect(await dialog.findByRole("checkbox", { name: "Check checkout-2026-11 for Sandbox at Gr4vy" })).toBeChecked();
  expect(dialog.getByRole("checkbox", { name: "Check checkout-live-2026-11 for Production at Gr4vy" })).not.toBeChecked();
  // What makes no call cannot be checked, and says why.
  expect(dialog.getByRole("checkbox", { name: /^Check shop-webhook/ })).toBeDisabled();
  expect(dialog.getByText(/A secret for webhooks makes no call/)).toBeVisible();
  expect(await stumbles()).toEqual([]);

  await user.click(dialog.getByRole("button", { name: /^Check \d+ keys$/ }));
  await waitFor(() => expect(host.asked("check_run")).toHaveLength(1));
  const asked = host.asked("check_run")[0]?.of.map(({ key }) => key);
  expect(asked).toContain("checkout-2026-11");
  expect(asked).not.toContain("checkout-live-2026-11");
  expect(await dialog.findByText(/^refused \d\d:\d\d, because the server does not know this key any more$/)).toBeVisible();
  expect(dialog.getByText(/^no answer that tells \d\d:\d\d, because no answer came within 30 s$/)).toBeVisible();
  expect(dialog.getAllByText(/^accepted \d\d:\d\d$/).length).toBeGreaterThan(2);
  expect(dialog.getByRole("status")).toHaveTextContent(/accepted, 1 refused, 1 without an answer$/);
});

test("a refused one leads to its key", async () => {
  const host = new FakeHost(fourProviders());
  const { user, route } = await openView(Keys, { host, screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Check all…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(await dialog.findByRole("button", { name: /^Check \d+ keys$/ }));
  await user.click(await dialog.findByRole("button", { name: "Show it" }));
  expect(route.params).toEqual({ key: "hedge-test" });
});

test("a check that failed says why, and can be stopped while it runs", async () => {
  const host = new FakeHost();
  let refuse: (error: unknown) => void = () => undefined;
  host.answer("check_run", () => new Promise((_, no) => (refuse = no)));
  host.answer("job_cancel", () => {
    refuse({ code: "gone", message: "it was stopped" });
    return null;
  });
  const { user } = await openView(Keys, { host, screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Check all…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(await dialog.findByRole("button", { name: /^Check \d+ keys?$/ }));
  const { of, job } = host.asked("check_run")[0] ?? { of: [], job: 0 };
  const first = of[0];
  if (first === undefined) throw new Error("nothing was asked");
  host.emit({
    type: "checked",
    job,
    outcome: { of: first, result: { verdict: "accepted", at: Date.now() / 1000, status: 200, why: null } },
  });
  expect(await dialog.findByText(new RegExp(`^1 of ${of.length} checked$`))).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Stop" }));
  expect(await dialog.findByText("It was stopped.")).toBeVisible();
  // What came before it was stopped is not lost.
  expect(dialog.getByText(/^accepted/)).toBeVisible();
});

test("without a credential that calls, it says where to go", async () => {
  const host = new FakeHost();
  host.world.profiles = [];
  const { user, route } = await openView(Keys, { host, screen: "keys" });
  await user.click(screen.getByRole("button", { name: "Check all…" }));
  await user.click(await screen.findByRole("button", { name: "Open Profiles" }));
  expect(route.screen).toBe("profiles");
});
