import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte({ configFile: false }), svelteTesting()],
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
