/** Every key that does something, by what it does: what is pressed, and what menus, buttons, the palette and the sheet show. */
import type { Screen } from "./route.svelte";

export const SCREEN_KEYS: Record<Screen, string> = {
  build: "Mod+1",
  inspect: "Mod+2",
  keys: "Mod+3",
  profiles: "Mod+4",
  settings: "Mod+,",
};

export const KEYS = {
  palette: "Mod+K",
  profile: "Mod+P",
  key: "Mod+J",
  environment: "Mod+E",
  clipboard: "Mod+Shift+V",
  lock: "Mod+Shift+L",
  sheet: "Mod+/",
  back: "Alt+ArrowLeft",
  forward: "Alt+ArrowRight",
  larger: "Mod+=",
  smaller: "Mod+-",
  usual: "Mod+0",
  nextPane: "F6",
  previousPane: "Shift+F6",
  toast: "F8",
  /** A form that is longer than a line is sent with it, too. */
  send: "Mod+Enter",
  copyToken: "Mod+Shift+C",
  copyAs: "Mod+Alt+C",
  scopes: "Mod+Shift+S",
  next: "Mod+Shift+G",
  sign: "Mod+R",
  save: "Mod+S",
  recipes: "Mod+O",
  endpoint: "Mod+L",
  claims: "Mod+Shift+E",
  ribbon: "Mod+Shift+F",
  new: "Mod+N",
  filter: "Mod+F",
  build: "Mod+B",
  /** What a button does that Enter presses. */
  confirm: "Enter",
  /** The system's own, which the page shows and leaves alone. */
  paste: "Mod+V",
  undo: "Mod+Z",
  escape: "Escape",
} as const;
