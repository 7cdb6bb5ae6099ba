/** The keys of the frame. What a screen does has its keys where the screen registers it. */
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
} as const;
