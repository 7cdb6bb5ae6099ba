/** What Build can do by keyboard, for the palette and the sheet. */
import { build as m } from "../../messages/build";
import type { Build } from "../../state/build.svelte";
import type { Action } from "../../state/shortcuts";
import type { BuildScreen } from "./screen.svelte";

interface Places {
  /** Puts the focus into the field of the call. */
  call: () => void;
}

export function actions(build: Build, screen: BuildScreen, places: Places): Action[] {
  const here = () => screen.sheet === null && build.draft !== null;
  const all: Omit<Action, "group" | "contextual">[] = [
    { title: m.actions.send, keys: "Mod+Enter", when: () => here() && screen.blocked === null && !screen.busy, run: () => void screen.go() },
    { title: m.actions.cancel, when: () => build.underway?.what === "send", run: () => void build.cancel() },
    { title: m.actions.copy, keys: "Mod+Shift+C", when: () => here() && build.token !== null, run: () => void screen.copyToken() },
    { title: m.actions.curl, keys: "Mod+Alt+C", when: here, run: () => void screen.copyCurl() },
    { title: m.actions.scopes, keys: "Mod+Shift+S", when: here, run: () => void screen.openScopes() },
    { title: m.actions.minimal, when: () => here() && screen.minimalFor !== null, run: () => void screen.minimalScopes() },
    { title: m.actions.sign, keys: "Mod+R", when: () => here() && build.tier !== "live", run: () => build.read() },
    { title: m.actions.save, keys: "Mod+S", when: here, run: () => (screen.sheet = "save") },
    { title: m.actions.recipes, keys: "Mod+O", when: here, run: () => (screen.sheet = "recipes") },
    { title: m.actions.endpoint, keys: "Mod+L", when: here, run: places.call },
    { title: m.actions.claims, keys: "Mod+Shift+E", when: here, run: () => build.editor?.reveal(build.cursor, build.cursor) },
    { title: m.actions.header, when: here, run: () => (screen.header = !screen.header) },
    { title: m.actions.ribbon, keys: "Mod+Shift+F", when: () => here() && build.ribbon !== null, run: () => (screen.ribbon = !screen.ribbon) },
    { title: m.actions.fresh, when: here, run: () => void screen.startAgain() },
    { title: m.actions.publicKey, when: () => here() && screen.hasPublicKey, run: () => void screen.copyPublic() },
  ];
  const { provider } = build.desk;
  if (provider?.helpers.includes("embed")) all.push({ title: m.claims.embed, when: here, run: () => (screen.sheet = "embed") });
  if (provider?.helpers.includes("checkout-session")) all.push({ title: m.claims.session, when: here, run: () => (screen.sheet = "session") });
  return all.map((action) => ({ ...action, group: m.group, contextual: true }));
}
