import { writeFileSync } from "node:fs";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Notes which packages the built page carries: their licences go with it (.make/package/notices.py). */
const noteBundled: Plugin = {
  name: "note-bundled",
  apply: "build",
  generateBundle() {
    const folders = [...this.getModuleIds()].map((id) => {
      // Vite and its bundler put a few lines of their own between the modules.
      const helper = /^\0(vite|rolldown)\//.exec(id);
      return helper ? `node_modules/${helper[1]}` : /node_modules\/(.*node_modules\/)?(@[^/]+\/)?[^/]+/.exec(id)?.[0];
    });
    const found = [...new Set(folders.filter((folder) => folder !== undefined))];
    writeFileSync(new URL("node_modules/.bundled.json", import.meta.url), JSON.stringify(found.sort(), null, 1));
  },
};

export default defineConfig({
  plugins: [svelte({ configFile: false }), svelteTesting(), noteBundled],
  // Tauri looks for the page here, and only on loopback.
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  // The oldest engine that the window meets: WebKitGTK of Debian 12.
  build: { target: "safari16", assetsInlineLimit: 0, modulePreload: false },
  test: {
    environment: "happy-dom",
    setupFiles: "src/setup-tests.ts",
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
    // A busy computer is slow and not wrong: walking through the window and reading it as a screen reader does takes its time.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
