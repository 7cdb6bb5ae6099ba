/** What can be done now, each with its keys: the palette and the sheet list it, the keyboard runs it. */
import { SvelteSet } from "svelte/reactivity";

import type { Icon } from "../parts/icon";
import { context } from "./context";

export interface Action {
  title: string;
  /** The heading it stands under in the sheet and in the palette: "Build", "Screens". */
  group: string;
  /** "Mod+Shift+C": Mod is Ctrl, on macOS ⌘. None where only the palette runs it. */
  keys?: string;
  /** Words beside the title. */
  detail?: string;
  icon?: Icon;
  /** Why it does nothing now; the palette leaves it out while this answers false. */
  when?: () => boolean;
  /** The screen offers it by itself: it stands first in the palette. Frame actions say false. */
  contextual?: boolean;
  /** The palette leaves it out: it lists the same in another way, or it makes no sense from there. */
  listed?: boolean;
  run: () => void;
}

export class Shortcuts {
  readonly actions = new SvelteSet<Action>();
  readonly mac: boolean;

  constructor(mac: boolean) {
    this.mac = mac;
  }

  /** Offers an action until the returned function is called. The newest with the same keys wins. */
  add(action: Action): () => void {
    this.actions.add(action);
    return () => this.actions.delete(action);
  }

  /** Runs what belongs to these keys; says whether there was something. */
  press(event: KeyboardEvent): boolean {
    const hit = [...this.actions]
      .reverse()
      .find((action) => action.keys !== undefined && matches(event, action.keys, this.mac) && (action.when?.() ?? true));
    if (hit === undefined) return false;
    event.preventDefault();
    hit.run();
    return true;
  }

  /** Keys as people read them here: "Ctrl Shift C", "⇧⌘C". */
  show(keys: string): string {
    const parts = keys.split("+").map((part) => (this.mac ? MAC[part] : OTHER[part]) ?? part.toUpperCase());
    return parts.join(this.mac ? "" : " ");
  }
}

/** Whether a key press is these keys. AltGr types characters and is never a shortcut. */
export function matches(event: KeyboardEvent, keys: string, mac: boolean): boolean {
  if (event.getModifierState?.("AltGraph")) return false;
  const parts = keys.split("+");
  const key = parts.pop() as string;
  const mod = parts.includes("Mod");
  return (
    (mac ? event.metaKey : event.ctrlKey) === mod &&
    (mac ? event.ctrlKey : event.metaKey) === false &&
    event.altKey === parts.includes("Alt") &&
    event.shiftKey === parts.includes("Shift") &&
    (event.key.toLowerCase() === key.toLowerCase() || (/^[A-Z]$/.test(key) && event.code === `Key${key}`) || (/^\d$/.test(key) && event.code === `Digit${key}`))
  );
}

const OTHER: Record<string, string> = { Mod: "Ctrl", Shift: "Shift", Alt: "Alt", Enter: "↵", Escape: "Esc", ArrowLeft: "←", ArrowRight: "→" };
const MAC: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵", Escape: "Esc", ArrowLeft: "←", ArrowRight: "→" };

export const shortcutsContext = context<Shortcuts>("shortcuts");
export const useShortcuts = shortcutsContext.use;
