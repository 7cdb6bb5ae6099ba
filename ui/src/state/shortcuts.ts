/** What can be done now, each with its keys: the palette and the sheet list it, the keyboard runs it. */
import { SvelteSet } from "svelte/reactivity";
import { type KeyBindingPress, matchKeyBindingPress, parseKeybinding } from "tinykeys";

import type { Icon } from "../icon";
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

  /** Offers actions until the returned function is called. The newest with the same keys wins. */
  add(...actions: Action[]): () => void {
    for (const action of actions) this.actions.add(action);
    return () => actions.forEach((action) => this.actions.delete(action));
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
    const { names, order, between } = this.mac ? MAC : OTHER;
    const parts = keys.split("+").map((part) => names[part] ?? part.toUpperCase());
    const place = (part: string) => (order.includes(part) ? order.indexOf(part) : order.length);
    return parts.sort((a, b) => place(a) - place(b)).join(between);
  }
}

/** Whether a key press is these keys. AltGr types characters and is never a shortcut. */
export function matches(event: KeyboardEvent, keys: string, mac: boolean): boolean {
  return !event.getModifierState?.("AltGraph") && pressesOf(keys, mac).some((press) => matchKeyBindingPress(event, press));
}

/**
 * The presses that are these keys: by the character, and for a letter or a digit also by where it lies on the keyboard, since
 * other layouts have another character there, or only with Shift. tinykeys' own `$mod` asks the browser which system this is;
 * here the program says it.
 */
function pressesOf(keys: string, mac: boolean): KeyBindingPress[] {
  return parseKeybinding(keys.replace("Mod", mac ? "Meta" : "Control")).flatMap(([modifiers, key]): KeyBindingPress[] => {
    const code = codeOf(String(key));
    return [[modifiers, key], ...(code === null ? [] : [[modifiers, code] satisfies KeyBindingPress])];
  });
}

function codeOf(key: string): string | null {
  if (/^[A-Z]$/.test(key)) return `Key${key}`;
  return /^\d$/.test(key) ? `Digit${key}` : null;
}

interface Writing {
  names: Record<string, string>;
  /** The modifiers in the order people here are used to; the key itself comes last. */
  order: string[];
  between: string;
}

const COMMON = { Enter: "↵", Escape: "Esc", ArrowLeft: "←", ArrowRight: "→" };
const OTHER: Writing = { names: { ...COMMON, Mod: "Ctrl", Shift: "Shift", Alt: "Alt" }, order: ["Ctrl", "Shift", "Alt"], between: " " };
const MAC: Writing = { names: { ...COMMON, Mod: "⌘", Shift: "⇧", Alt: "⌥" }, order: ["⌥", "⇧", "⌘"], between: "" };

export const shortcutsContext = context<Shortcuts>("shortcuts");
export const useShortcuts = shortcutsContext.use;
