import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/index.css";

import { mount } from "svelte";

import App from "./App.svelte";
import type { Host } from "./host/host";
import { setUp } from "./state/workbench";

/** The window, or in a browser during development the program in memory. */
async function findHost(): Promise<Host> {
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    const { developmentHost } = await import("./host/fake/development");
    return developmentHost(new URLSearchParams(location.search));
  }
  return (await import("./host/tauri")).tauri;
}

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");
const host = await findHost();
const workbench = setUp(host, await host.call("program_start", null));
if (workbench.desk.start.unlocked) await workbench.desk.resume();
if (import.meta.env.DEV && location.search.includes("gallery")) {
  document.documentElement.dataset["theme"] = "light";
  mount((await import("./views/gallery/Gallery.svelte")).default, { target, context: workbench.context });
} else {
  mount(App, { target, props: { workbench }, context: workbench.context });
}
