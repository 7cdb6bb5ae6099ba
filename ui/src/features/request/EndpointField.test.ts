import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { gr4vy } from "../../host/fake/gr4vy";
import EndpointField from "./EndpointField.svelte";
import type { CallTarget } from "./endpoints";

function field(target: CallTarget | null = { endpoint: "transactions" }) {
  const onchoose = vi.fn<(target: CallTarget) => void>();
  const onsend = vi.fn();
  render(EndpointField, { props: { endpoints: gr4vy.endpoints, target, disabled: false, onchoose, onsend } });
  return { onchoose, onsend, input: screen.getByRole("combobox", { name: "Method and path" }), user: userEvent.setup() };
}

test("shows all endpoints, and the one that is chosen is active", async () => {
  const { input, user } = field({ endpoint: "buyers" });
  expect(input).toHaveValue("GET /buyers?limit=1");
  await user.click(input);
  expect(screen.getAllByRole("option")).toHaveLength(gr4vy.endpoints.length);
  expect(screen.getByRole("option", { selected: true })).toHaveTextContent("GET /buyers?limit=1");
});

test("in the middle of a known path, Enter takes the endpoint", async () => {
  const { input, user, onchoose } = field();
  await user.click(input);
  await user.clear(input);
  await user.type(input, "post /buy{Enter}");
  expect(onchoose).toHaveBeenLastCalledWith({ endpoint: "create-buyer" });
});

test("an own path is called as typed", async () => {
  const { input, user, onchoose } = field();
  await user.click(input);
  await user.clear(input);
  await user.type(input, "delete /buyers/1{Enter}");
  expect(onchoose).toHaveBeenLastCalledWith({ method: "DELETE", path: "/buyers/1" });
});

test("what was typed counts when the field is left, and Escape takes it back", async () => {
  const { input, user, onchoose } = field();
  await user.click(input);
  await user.clear(input);
  await user.type(input, "/things{Escape}");
  await user.tab();
  expect(onchoose).not.toHaveBeenCalled();
  expect(input).toHaveValue("GET /transactions?limit=1");
  await user.click(input);
  await user.clear(input);
  await user.type(input, "/things");
  await user.tab();
  expect(onchoose).toHaveBeenLastCalledWith({ method: "GET", path: "/things" });
});

test("Mod+Enter calls what was typed at once", async () => {
  const { input, user, onchoose, onsend } = field();
  await user.click(input);
  await user.clear(input);
  await user.type(input, "/things{Control>}{Enter}{/Control}");
  expect(onchoose).toHaveBeenLastCalledWith({ method: "GET", path: "/things" });
  expect(onsend).toHaveBeenCalledOnce();
});
