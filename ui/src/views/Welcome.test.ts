import { render, screen } from "@testing-library/svelte";
import axe from "axe-core";
import { expect, test } from "vitest";

import Welcome from "./Welcome.svelte";

test("names the product and the command that does its work today", () => {
  render(Welcome);

  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Keywright");
  expect(screen.getByText("keywright demo").tagName).toBe("CODE");
});

test("has nothing that a screen reader stumbles over", async () => {
  const { container } = render(Welcome);

  // Colours are judged in the real window: this document has no layout.
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });

  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join()}`)).toEqual([]);
});
