import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import { fourProviders } from "../../host/fake/data";
import { setUp } from "../../state/workbench";
import { stumbles } from "../../testing/door";
import Sealed from "./Sealed.svelte";
import Served from "./Served.svelte";

test("every part shows each of its states, and none stumbles", async () => {
  const host = new FakeHost(fourProviders());
  const workbench = setUp(host, host.world.start);
  await workbench.desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  render(Served, { context: workbench.context });
  render(Sealed, { context: workbench.context });
  expect(screen.getByText(/^Log in failed\./)).toBeVisible();
  expect(screen.getAllByRole("switch")).toHaveLength(3);
  expect(screen.getByRole("button", { name: "Open shop-webhook" })).toBeVisible();
  // The same part twice is what a gallery is for.
  expect((await stumbles()).filter((words) => !words.startsWith("landmark-unique"))).toEqual([]);
});
