/** What the program says by itself, and what the window does about it: the one place that hears all events. */
import { frame as m } from "../messages/frame";
import { useBuild } from "./build.svelte";
import { useLines } from "./lines.svelte";
import type { Workbench } from "./workbench";

/** Until the returned function is called. */
export function hearEvents({ desk, route, toasts, clipboard }: Workbench): () => void {
  return desk.host.listen((event) => {
    switch (event.type) {
      case "locked":
        useBuild(desk).forget();
        desk.forget(event);
        route.reset();
        toasts.clear();
        clipboard.gone();
        return;
      case "vault-changed":
        if (desk.unlocked) void desk.reload();
        return;
      case "live-ended":
        desk.go(event.place);
        toasts.say(m.live.ended(desk.environment?.label ?? event.place.environment));
        return;
      case "clipboard-cleared":
        clipboard.gone();
        return;
      case "dropped":
        desk.handedKeys = event.preview;
        if (desk.unlocked) route.go("keys");
        return;
      case "dropped-token":
        desk.handedReading = event.reading;
        route.go("inspect");
        return;
      case "inspect-asked":
        route.go("inspect");
        return;
      case "drop-refused":
        desk.notice = event.error;
        return;
      case "happened":
        useBuild(desk).happened(event.job, event.rows);
        return;
      case "waiting":
        useBuild(desk).waits(event.job, event.seconds, event.why);
        return;
      case "rotated":
        if (desk.unlocked) useLines(desk).take(event.rotation);
        return;
      case "progress":
      case "checked":
      case "delivered":
      case "emulated":
        // Heard by whoever started the work.
        return;
    }
  });
}
