import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { cryptopay, hedge } from "../../host/fake/data";
import { setUp } from "../../state/workbench";
import { FakeHost } from "../../host/fake";
import { claimRows } from "./claims";
import Countdown from "./Countdown.svelte";
import FlowDoubt from "./FlowDoubt.svelte";
import { getsBy, offered } from "./flows";
import TokenState from "./TokenState.svelte";

const NOW = 1_800_000_000;
const names = ({ primary, others }: ReturnType<typeof offered>) => [primary?.id ?? null, others.map(({ id }) => id)];
const context = () => {
  const host = new FakeHost();
  return setUp(host, host.world.start).context;
};

test("the flow that comes next is the one that gets a token, then the one that renews it", () => {
  expect(names(offered(cryptopay.flows, { kind: "login" }, null))).toEqual(["log-in", ["register"]]);
  expect(names(offered(cryptopay.flows, { kind: "login" }, { refresh: true }))).toEqual(["refresh", ["register", "log-in", "verify"]]);
  expect(names(offered(cryptopay.flows, { kind: "login" }, { refresh: false }))).toEqual(["log-in", ["register", "verify"]]);
  expect(names(offered(hedge.flows, { kind: "api-key" }, null))).toEqual(["mint", ["mint-words"]]);
});

test("without a flow that fits the credential there is none to press", () => {
  expect(offered(cryptopay.flows, { kind: "api-key" }, null).primary).toBeNull();
  expect(offered([], { kind: "login" }, { refresh: true })).toEqual({ primary: null, others: [] });
  expect(getsBy(cryptopay.flows, { kind: "login" })).toBe("log-in");
  expect(getsBy(hedge.flows, { kind: "api-key" })).toBe("mint");
});

test("claims are read with their times in words, and a text that is not JSON is not read at all", () => {
  const rows = claimRows('{"alg":"HS256"}', `{"scope":["a","b"],"exp":${NOW + 90},"user_id":"123","n":5}`, NOW);
  expect(rows?.map(({ name, value, words }) => [name, name === "exp" ? "" : value, words])).toEqual([
    ["alg", "HS256", null],
    ["scope", '["a","b"]', null],
    ["exp", "", "in 1 min 30 s"],
    ["user_id", "123", null],
    ["n", "5", null],
  ]);
  expect(claimRows("", `{"exp":${NOW - 5}}`, NOW)?.[0]?.words).toBe("5 s ago");
  for (const text of ["", "not json", "[1]", "null", '"text"']) expect(claimRows("{}", text, NOW)).toBeNull();
});

test("a countdown says what is left, what is over, and that nobody said", async () => {
  const { container, rerender } = render(Countdown, { props: { label: "Access", from: NOW - 100, until: NOW + 100, now: NOW } });
  expect(screen.getByText("1 min 40 s left")).toBeVisible();
  expect(container.querySelector(".late")).toBeNull();
  await rerender({ until: NOW + 10 });
  expect(container.querySelector(".late")).not.toBeNull();
  await rerender({ until: NOW - 60 });
  expect(screen.getByText("expired 1 min ago")).toBeVisible();
  await rerender({ until: null });
  expect(screen.getByText("the server did not say how long")).toBeVisible();
});

test("who it is comes out of the server's own words, whatever they are", async () => {
  const issued = {
    profile: "p",
    environment: "e",
    credential: "c",
    access: true,
    expires: null,
    refresh: false,
    refreshExpires: null,
    scopes: null,
    permissions: null,
    received: NOW,
  };
  const { rerender } = render(TokenState, {
    props: { issued: { ...issued, user: '{"id":1,"username":"ada"}' }, now: NOW, oncopy: () => undefined },
    context: context(),
  });
  expect(screen.getByText("ada")).toBeVisible();
  for (const user of ['{"id":1}', "plain words", "[]"]) {
    await rerender({ issued: { ...issued, user } });
    expect(screen.getByText(user)).toBeVisible();
  }
});

test("what is not confirmed is said, and nothing where nothing is to be said", () => {
  const [mint] = hedge.flows;
  render(FlowDoubt, { props: { flow: mint as NonNullable<typeof mint> }, context: context() });
  expect(screen.getByText("Assumed, not confirmed by the documents.")).toBeVisible();
  const login = cryptopay.flows.find(({ id }) => id === "log-in") as NonNullable<typeof mint>;
  const { container } = render(FlowDoubt, { props: { flow: login }, context: context() });
  expect(container.querySelector("p")).toBeNull();
});
