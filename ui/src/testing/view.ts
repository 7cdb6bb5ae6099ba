/** One screen over a program in memory, without the frame around it. */
import { render } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";

import { FakeHost } from "../host/fake";
import type { Window } from "./door";
import { setUp } from "./workbench";

interface Given {
  host?: FakeHost;
  locked?: boolean;
  params?: Record<string, string>;
  screen?: "inspect" | "keys" | "profiles" | "settings";
}

export async function openView(
  View: Component,
  { host = new FakeHost(), locked = false, params, screen }: Given = {},
): Promise<Window & { container: Element }> {
  const workbench = setUp(host);
  if (!locked) await workbench.desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  if (screen !== undefined) workbench.route.go(screen, params);
  const { container } = render(View, { context: workbench.context });
  return { ...workbench, host, user: userEvent.setup(), container };
}
