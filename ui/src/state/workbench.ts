/** All that the components share, made from a host: by main.ts for the window, by a test for one component. */
import type { Host } from "../host/host";
import type { Start } from "../host/wire";
import { Activity, activityContext } from "./activity.svelte";
import { Clipboard, clipboardContext } from "./clipboard.svelte";
import { Desk, deskContext } from "./desk.svelte";
import { Route, routeContext } from "./route.svelte";
import { Shortcuts, shortcutsContext } from "./shortcuts";
import { Toasts, toastsContext } from "./toasts.svelte";

export interface Workbench {
  desk: Desk;
  route: Route;
  toasts: Toasts;
  clipboard: Clipboard;
  shortcuts: Shortcuts;
  activity: Activity;
  /** What `mount` and a test's `render` take as `context`. */
  context: Map<symbol, unknown>;
}

export function setUp(host: Host, start: Start): Workbench {
  const desk = new Desk(host, start);
  const route = new Route(start.inspect ? "inspect" : "build");
  const clipboard = new Clipboard(host);
  const shortcuts = new Shortcuts(start.system === "macos");
  const activity = new Activity(host);
  const toasts = new Toasts(async (undo) => {
    await host.call("undo", { undo });
    await desk.reload();
  });
  const context = new Map<symbol, unknown>([
    [deskContext.key, desk],
    [routeContext.key, route],
    [clipboardContext.key, clipboard],
    [activityContext.key, activity],
    [shortcutsContext.key, shortcuts],
    [toastsContext.key, toasts],
  ]);
  return { desk, route, toasts, clipboard, shortcuts, activity, context };
}
