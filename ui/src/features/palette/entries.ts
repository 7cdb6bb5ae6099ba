/** All that the palette can find: what the screen offers, then where one can go. */
import BookMarked from "@lucide/svelte/icons/book-marked";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import KeyRound from "@lucide/svelte/icons/key-round";
import LogIn from "@lucide/svelte/icons/log-in";
import Plus from "@lucide/svelte/icons/plus";
import RotateCw from "@lucide/svelte/icons/rotate-cw";

import type { Tier } from "../../host/wire";
import { m as all } from "../../messages";
import { credentials as words } from "../../messages/credentials";
import { frame as m } from "../../messages/frame";
import { rotation } from "../../messages/rotation";
import type { Icon } from "../../icon";
import { isTyped } from "../../state/credentials";
import type { Desk } from "../../state/desk.svelte";
import { KEYS, SCREEN_KEYS } from "../../state/keymap";
import { useLines } from "../../state/lines.svelte";
import { SCREENS, type Route } from "../../state/route.svelte";
import type { Action, Shortcuts } from "../../state/shortcuts";
import type { Entry } from "./ranking";

export interface PaletteEntry extends Entry {
  icon: Icon;
  keys?: string | undefined;
  tier?: Tier | undefined;
  run: () => void;
}

export function entriesOf(desk: Desk, route: Route, shortcuts: Shortcuts): PaletteEntry[] {
  const actions = [...shortcuts.actions].filter(({ when, listed }) => listed !== false && (when?.() ?? true));
  return [
    ...actions.filter(({ contextual }) => contextual).map(action),
    ...rotations(desk, route),
    ...places(desk),
    ...keys(desk, route),
    ...recipes(desk, route),
    ...credentials(desk),
    ...SCREENS.map((screen) => ({
      id: `screen ${screen}`,
      group: m.palette.screens,
      title: all.screens[screen],
      icon: ChevronRight,
      keys: SCREEN_KEYS[screen],
      run: () => route.go(screen),
    })),
    ...actions.filter(({ contextual }) => !contextual).map((given, index) => ({ ...action(given, index), group: m.palette.actions })),
  ];
}

function action({ title, group, detail, icon, keys, run }: Action, index: number): PaletteEntry {
  return { id: `${group} ${title} ${index}`, group, title, detail, icon: icon ?? ChevronRight, keys, run };
}

/** This profile's other environments first, then the other profiles' in theirs. */
function places(desk: Desk): PaletteEntry[] {
  const here = desk.place;
  const profiles = [...desk.profiles].sort((a, b) => Number(b.name === here?.profile) - Number(a.name === here?.profile));
  return profiles.flatMap((profile) => {
    const environments = desk.providers.find(({ id }) => id === profile.provider)?.environments ?? [];
    return environments
      .filter(({ id }) => profile.name !== here?.profile || id !== here.environment)
      .map(({ id, label, tier }) => {
        const key = profile.keys[id];
        const words = profile.missing[id] ?? (key === undefined ? undefined : m.sentence.withKey(key));
        return {
          id: `place ${profile.name} ${id}`,
          group: m.palette.switch,
          title: m.palette.for(label),
          detail: [profile.name, words].filter(Boolean).join(", "),
          icon: LogIn,
          keys: profile.name === here?.profile ? KEYS.environment : undefined,
          tier,
          run: () => desk.go({ profile: profile.name, environment: id }),
        };
      });
  });
}

function keys(desk: Desk, route: Route): PaletteEntry[] {
  const kept = desk.keys.filter(({ deleted }) => deleted === null);
  return kept.map((key) => ({
    id: `key ${key.name}`,
    group: m.palette.keys,
    title: key.name,
    detail: [key.thumbprint?.slice(0, 8), key.describe, key.binding?.label].filter(Boolean).join(", "),
    icon: KeyRound,
    run: () => route.go("keys", { key: key.name }),
  }));
}

/** What can be typed for where one stands. */
function credentials(desk: Desk): PaletteEntry[] {
  const { place, provider, environment } = desk;
  if (place === null || provider === null || environment === null) return [];
  return provider.credentials.filter(isTyped).map(({ id, label }) => ({
    id: `credential ${id}`,
    group: m.palette.keys,
    title: words.action(label),
    detail: `${place.profile}, ${environment.label}`,
    icon: Plus,
    run: () => (desk.adding = { place, role: id }),
  }));
}

/** What is under way, then what is due. */
function rotations(desk: Desk, route: Route): PaletteEntry[] {
  const lines = useLines(desk);
  const under = lines.rotations.filter(({ current }) => current !== null);
  return [
    ...under.map(({ id, old, label, tier, current }) => ({
      id: `rotation ${id}`,
      group: rotation.due.group,
      title: rotation.due.goOn(old),
      detail: [label, current === null ? null : rotation.steps[current]].filter(Boolean).join(", "),
      icon: RotateCw,
      tier,
      run: () => route.go("keys", { key: old }),
    })),
    ...lines.due.map(({ line, due }) => ({
      id: `due ${due.key}`,
      group: rotation.due.group,
      title: rotation.due.go(due.key),
      detail: [line.label, rotation.due.word[due.kind]].join(", "),
      icon: RotateCw,
      tier: line.tier,
      run: () => route.go("keys", { key: due.key, rotate: "" }),
    })),
  ];
}

function recipes(desk: Desk, route: Route): PaletteEntry[] {
  return desk.recipes.map(({ name, words }) => ({
    id: `recipe ${name}`,
    group: m.palette.recipes,
    title: name,
    detail: words,
    icon: BookMarked,
    run: () => route.go("build", { recipe: name }),
  }));
}
