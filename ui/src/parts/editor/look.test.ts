import { expect, test } from "vitest";

const sources = import.meta.glob<string>(["../../**/*.{css,svelte,ts}", "!../../**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});

// WebKitGTK knows the line alone in the shorthand, and drops a declaration that names anything else: nothing was underlined.
test("no underline names its style, colour or thickness in the shorthand", () => {
  const shorthand = /text-?decoration"?:\s*"?([^;"\n]+)/gi;
  const found = Object.entries(sources).flatMap(([file, text]) =>
    [...text.matchAll(shorthand)].filter(([, value]) => (value as string).trim().includes(" ")).map(([all]) => `${file}: ${all}`),
  );
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});
