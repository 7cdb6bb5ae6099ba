/** What is due is found from wherever one stands: in the sentence and in the palette. */
import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { fourProviders } from "../host/fake/data";
import { begin, play } from "../host/fake/rotation";
import { ROTATED, underway } from "../host/fake/underway";
import { openWindow, stumbles, unlock } from "../testing/door";
import "./Keys.svelte";

const hedge = () => new FakeHost({ ...fourProviders(), place: { profile: "Acme · Hedge", environment: "test" } });

test("the sentence says that its key is due, and a press leads to the plan", async () => {
  const window = openWindow(hedge());
  await unlock(window);
  const mark = await screen.findByRole("button", { name: /^rotate it: hedge-test is older than its provider advises/ });
  expect(await stumbles()).toEqual([]);
  await window.user.click(mark);
  expect(window.route.params).toEqual({ key: "hedge-test", rotate: "" });
  expect(await screen.findByRole("dialog", { name: "Rotate hedge-test" })).toBeVisible();
});

test("the palette has what is under way and what is due", async () => {
  const host = hedge();
  underway(host.world, "prove");
  const window = openWindow(host);
  await unlock(window);
  await screen.findByRole("button", { name: /^rotate it/ });
  await window.user.keyboard("{Control>}k{/Control}");
  await window.user.keyboard("rotat");
  // What was typed is marked within the names, so that they are compared as text.
  await waitFor(() => {
    const offered = screen.getAllByRole("option").map((option) => option.textContent ?? "");
    const has = (start: string) => offered.some((text) => text.trim().startsWith(start));
    expect([has("Go on with the rotation of checkout-2026-11"), has("Rotate hedge-test…")]).toEqual([true, true]);
  });
});

test("in an incident the sentence says that no key is active", async () => {
  const host = new FakeHost();
  const one = begin(host.world, ROTATED, "disable-first");
  play(host.world, one, "disable", () => Math.floor(Date.now() / 1000));
  const window = openWindow(host);
  await unlock(window);
  await window.user.click(await screen.findByRole("button", { name: "no active key: No key is active for Sandbox at Gr4vy" }));
  await waitFor(() => expect(window.route.params).toEqual({ key: ROTATED }));
});
