import { beforeEach, expect, test } from "vitest";

import { Route } from "./route.svelte";

let route: Route;
beforeEach(() => {
  route = new Route();
});

test("goes back the way it came, and forward again", () => {
  route.go("keys");
  route.go("inspect", { text: "a.b.c" });

  route.back();
  expect([route.screen, route.params]).toEqual(["keys", {}]);
  route.back();
  expect([route.screen, route.canGoBack]).toEqual(["build", false]);
  route.back();
  expect(route.screen).toBe("build");

  route.forward();
  route.forward();
  expect([route.screen, route.params]).toEqual(["inspect", { text: "a.b.c" }]);
  expect(route.canGoForward).toBe(false);
});

test("a new step ends what was forward", () => {
  route.go("keys");
  route.back();
  route.go("profiles");

  expect(route.canGoForward).toBe(false);
  route.back();
  expect(route.screen).toBe("build");
});

test("going where one is adds no step, going there with something else does", () => {
  route.go("keys");
  route.go("keys");
  route.go("keys", { key: "demo" });

  route.back();
  expect([route.screen, route.params]).toEqual(["keys", {}]);
  route.back();
  expect(route.screen).toBe("build");
});

test("what comes with a visit is taken once, and again when it is brought again", () => {
  route.go("keys", { key: "demo", compare: "" });
  expect(route.take("keys")).toEqual({ key: "demo", compare: "" });
  expect(route.take("keys")).toEqual({});

  route.go("build");
  expect(route.take("keys")).toEqual({});
  route.back();
  expect([route.params, route.take("keys")]).toEqual([{ key: "demo", compare: "" }, {}]);

  route.go("keys", { key: "demo", compare: "" });
  expect(route.take("keys")).toEqual({ key: "demo", compare: "" });
  route.back();
  expect(route.screen).toBe("build");
});

test("forgets the way here", () => {
  route.go("inspect", { text: "a.b.c" });
  route.reset();

  expect([route.screen, route.params, route.canGoBack, route.canGoForward]).toEqual(["build", {}, false, false]);
});
