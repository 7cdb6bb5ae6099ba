/** The whole window over a program in memory, for tests that walk through it. */
import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";

import App from "../App.svelte";
import { FakeHost } from "../host/fake";
import type { Workbench } from "../state/workbench";
import { setUp } from "./workbench";
// Fetched with the tests: what the door fetches when it opens would otherwise be made in the middle of one.
import "../views/Build.svelte";
import "../views/Frame.svelte";

export interface Window extends Workbench {
  host: FakeHost;
  user: UserEvent;
}

/** As it stands after the start, with the door closed. */
export function openWindow(host = new FakeHost(), options: Parameters<typeof userEvent.setup>[0] = {}): Window {
  const workbench = setUp(host);
  render(App, { props: { workbench }, context: workbench.context });
  return { ...workbench, host, user: userEvent.setup(options) };
}

export async function unlock({ host, user, desk }: Window) {
  await user.type(screen.getByLabelText("Passphrase"), host.world.passphrase);
  await user.keyboard("{Enter}");
  await waitFor(() => {
    if (!desk.unlocked) throw new Error("the vault is locked still");
  });
  // The screen is fetched when the door opens, which on a busy computer takes a while.
  await screen.findByRole("main");
}

/** What a screen reader stumbles over. Colours are judged in the real window: this document has no layout. */
export async function stumbles(container: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join()}`);
}
