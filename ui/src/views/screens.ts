/** The screens, each loaded when it is first wanted, so that the door opens fast. */
import type { Component } from "svelte";

import type { Screen } from "../state/route.svelte";

type Loaded = Promise<{ default: Component }>;

export const SCREEN_VIEWS: Record<Screen, () => Loaded> = {
  build: () => import("./Build.svelte"),
  inspect: () => import("./Inspect.svelte"),
  keys: () => import("./Keys.svelte"),
  profiles: () => import("./Profiles.svelte"),
  settings: () => import("./Settings.svelte"),
};
