/** What Build can do by keyboard, for the palette and the sheet. */
import { build as m } from "../../messages/build";
import { emulator } from "../../messages/emulator";
import { issued } from "../../messages/issued";
import type { Build } from "../../state/build.svelte";
import { KEYS } from "../../state/keymap";
import type { Action } from "../../state/shortcuts";
import type { BuildScreen } from "./screen.svelte";

interface Places {
  /** Puts the focus into the field of the call. */
  call: () => void;
}

export function actions(build: Build, screen: BuildScreen, places: Places): Action[] {
  const here = () => screen.sheet === null && build.draft !== null;
  const signed = () => here() && build.signsHere;
  const asks = () => build.desk.provider?.scopes.length !== 0 && (build.signsHere || screen.asks);
  const all: Omit<Action, "group" | "contextual">[] = [
    { title: m.actions.send, keys: KEYS.send, when: () => here() && screen.blocked === null && !screen.busy, run: () => void screen.go() },
    { title: m.actions.cancel, when: () => build.underway !== null && build.underway.what !== "sign", run: () => void build.cancel() },
    { title: m.actions.copy, keys: KEYS.copyToken, when: () => here() && build.token !== null, run: () => void screen.copyToken() },
    ...build.desk.start.languages.map(({ id, name }, index) => ({
      title: m.actions.copyAs(name),
      ...(index === 0 ? { keys: KEYS.copyAs } : {}),
      when: here,
      run: () => void screen.copyAs(id),
    })),
    { title: m.actions.scopes, keys: KEYS.scopes, when: () => here() && asks(), run: () => void screen.openScopes() },
    { title: m.actions.minimal, when: () => here() && screen.minimalFor !== null, run: () => void screen.minimalScopes() },
    { title: m.actions.sign, keys: KEYS.sign, when: () => signed() && build.tier !== "live", run: () => build.read() },
    { title: m.actions.save, keys: KEYS.save, when: here, run: () => (screen.sheet = "save") },
    { title: m.actions.recipes, keys: KEYS.recipes, when: here, run: () => (screen.sheet = "recipes") },
    { title: m.actions.endpoint, keys: KEYS.endpoint, when: here, run: places.call },
    { title: m.actions.claims, keys: KEYS.claims, when: signed, run: () => build.editor?.reveal(build.cursor, build.cursor) },
    { title: m.actions.header, when: signed, run: () => (screen.header = !screen.header) },
    {
      title: m.actions.ribbon,
      keys: KEYS.ribbon,
      when: () => here() && build.ribbon !== null,
      run: () => (screen.ribbon = !screen.ribbon),
    },
    { title: m.actions.fresh, when: signed, run: () => void screen.startAgain() },
    { title: emulator.action, when: () => here() && build.tier === "local", run: () => (screen.sheet = "emulator") },
    { title: m.actions.publicKey, when: () => here() && screen.hasPublicKey, run: () => void screen.copyPublic() },
  ];
  const { provider } = build.desk;
  for (const flow of provider?.flows ?? []) {
    const primary = () => screen.flows.primary?.id === flow.id;
    const can = () => here() && !screen.busy && (primary() || screen.flows.others.some(({ id }) => id === flow.id));
    all.push({ title: flow.label, when: can, run: () => void screen.run(flow) });
  }
  if (!build.signsHere)
    all.push({
      title: issued.next,
      keys: KEYS.next,
      listed: false,
      when: () => here() && screen.flows.primary !== null && !screen.busy,
      run: () => void screen.runNext(),
    });
  for (const sheet of provider?.sheets ?? [])
    all.push({ title: m.claims.sheet(sheet.label), when: here, run: () => void screen.openSheet(sheet) });
  return all.map((action) => ({ ...action, group: m.group, contextual: true }));
}
