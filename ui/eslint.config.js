// Rules for the page: what TypeScript and Svelte can get wrong, and the layers of docs/ARCHITECTURE.md.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import globals from "globals";
import ts from "typescript-eslint";

/** From the ground up: a layer imports only from those before it, and from the files beside them (messages, errors, time). */
const LAYERS = ["host", "state", "parts", "features", "views"];

/** An import that climbs out of its own layer into one of `names`. */
const into = (names, message) => ({ regex: `^(\\.\\./)+(${names.join("|")})/`, message });
const restricted = (patterns) => ({ "no-restricted-imports": ["error", { patterns }] });
/** The one file that knows Tauri. */
const TAURI = "src/host/tauri.ts";
const NO_TAURI = { regex: "^@tauri-apps/", message: `${TAURI} alone knows Tauri.` };
const TESTS = ["src/**/*.test.ts", "src/testing/**"];

const layers = LAYERS.map((layer, index) => {
  const above = LAYERS.slice(index + 1);
  const patterns = [NO_TAURI];
  if (above.length > 0) patterns.push(into(above, `${layer} is below ${above.join(", ")}.`));
  // The features are folders side by side, so `../` alone leads from one of them into another.
  if (layer === "features") patterns.push({ regex: "^\\.\\./(?!\\.\\./)", message: "No feature imports another: they meet in views." });
  return { files: [`src/${layer}/**`], ignores: [...TESTS, TAURI], rules: restricted(patterns) };
});

export default defineConfig(
  { ignores: ["dist/", "src/host/wire.ts"] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // What is named `_` is passed over on purpose, and what stands beside a rest is left out by it.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
    },
  },
  { files: ["**/*.svelte", "**/*.svelte.ts"], languageOptions: { parserOptions: { parser: ts.parser } } },
  { files: ["src/**"], ignores: [TAURI], rules: restricted([NO_TAURI]) },
  {
    files: ["src/**"],
    rules: {
      // Svelte drops the space at an edge of a block; {" "} is the one that stays.
      "svelte/no-useless-mustaches": "off",
      // It takes every Set, Map and Date for state, also one that a function makes and drops.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    files: ["src/**"],
    ignores: ["src/state/kept.svelte.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='WeakMap']",
          message: "What outlives a component is made by kept() of state/kept.svelte.ts.",
        },
      ],
    },
  },
  ...layers,
  // Tests put together what the window puts together.
  { files: TESTS, languageOptions: { globals: globals.node } },
);
