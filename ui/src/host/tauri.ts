/** The window's host. No other file imports Tauri. */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Host } from "./host";
import type { Answer, Command, Event, Request } from "./wire";

export const tauri: Host = {
  call<C extends Command>(command: C, request: Request<C>) {
    return invoke<Answer<C>>(command, { request });
  },

  listen(on) {
    const heard = listen<Event>("keywright", ({ payload }) => on(payload));
    return () => void heard.then((stop) => stop());
  },
};
