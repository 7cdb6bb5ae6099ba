/** The window's host. No other file imports Tauri. */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Host } from "./host";
import { canSeal, seal } from "./seal";
import { HOLD_SECRETS, type Answer, type Command, type Event, type Request } from "./wire";

export const tauri: Host = {
  async call<C extends Command>(command: C, request: Request<C>) {
    if (!HOLD_SECRETS.has(command) || !canSeal()) return invoke<Answer<C>>(command, { request });
    const key = await invoke<Answer<"request_key">>("request_key", { request: null });
    return invoke<Answer<C>>(command, { sealed: await seal(key, command, request) });
  },

  listen(on) {
    const heard = listen<Event>("keywright", ({ payload }) => on(payload));
    return () => void heard.then((stop) => stop());
  },
};
