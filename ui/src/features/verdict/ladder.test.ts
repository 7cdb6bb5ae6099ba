import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";

import type { Gate, Sent } from "../../host/wire";
import { cures, firstSentence, rung, tone } from "./ladder";
import Ladder from "./Ladder.svelte";

const gate = (gate: string, passage: Gate["passage"], certainty: Gate["certainty"]): Gate => ({
  gate,
  title: gate,
  passage,
  certainty,
  reason: `${gate} because`,
});

test("each certainty has a shape and a word of its own", () => {
  const all = (["confirmed", "proved", "likely", "not-reached", "does-not-apply"] as const).map((certainty) =>
    rung({ passage: "open", certainty }),
  );
  expect(all.map(({ shape }) => shape)).toEqual(["disc", "ring", "dashed", "small", "dash"]);
  expect(all.map(({ word }) => word)).toEqual(["confirmed by server", "proved here", "likely", "not reached", "does not apply"]);
});

test("a guess at the fault is called likely, a proof is not", () => {
  expect(rung({ passage: "stopped", certainty: "likely" }).word).toBe("likely the fault");
  expect(rung({ passage: "stopped", certainty: "proved" }).word).toBe("fails here");
  expect(rung({ passage: "stopped", certainty: "confirmed" }).word).toBe("server names it");
});

test("the word stands beside each shape", () => {
  render(Ladder, {
    gates: [gate("Reached", "passed", "confirmed"), gate("Key known", "stopped", "likely"), gate("Audience", "open", "does-not-apply")],
  });
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent?.replace(/\s+/g, " ").trim())).toEqual([
    "Reached confirmed by server Reached because",
    "Key known likely the fault Key known because",
    "Audience does not apply Audience because",
  ]);
});

const sent = (part: Partial<Sent>): Sent => ({
  request: { method: "GET", url: "https://api", headers: [], body: "" },
  answer: { status: 401, headers: [], body: "", cut: false },
  noAnswer: null,
  elapsedMs: 1,
  kind: "refused",
  asWanted: false,
  sentence: "",
  next: null,
  serverCode: null,
  meaning: null,
  fix: null,
  gates: [],
  skew: null,
  waitSeconds: null,
  notes: [],
  at: 0,
  ...part,
});

test("offers the public key only where the key is in doubt and has one", () => {
  const doubted = sent({ gates: [gate("key-known", "stopped", "likely")] });
  expect(cures(doubted, [], true).publicKey).toBe(true);
  expect(cures(doubted, [], false).publicKey).toBe(false);
  expect(cures(sent({ gates: [gate("scope", "stopped", "confirmed")] }), [], true).publicKey).toBe(false);
});

test("offers the server's time only where the time is at fault", () => {
  const skew = { ahead: 94, words: "94 s behind" };
  expect(cures(sent({ skew, gates: [gate("time", "stopped", "proved")] }), [], true).serverTime).toBe(true);
  expect(cures(sent({ skew, gates: [gate("key-known", "stopped", "likely")] }), [], true).serverTime).toBe(false);
  expect(cures(sent({ skew: { ahead: 1, words: "" }, gates: [gate("time", "stopped", "proved")] }), [], true).serverTime).toBe(false);
});

test("no scope is offered after what was accepted", () => {
  expect(cures(sent({ kind: "accepted", asWanted: true }), ["buyers.write"], true).scopes).toEqual([]);
  expect(cures(sent({}), ["buyers.write"], true).scopes).toEqual(["buyers.write"]);
});

test("a refusal that was wanted is good news", () => {
  expect(tone({ kind: "refused", asWanted: true })).toBe("good");
  expect(tone({ kind: "refused", asWanted: false })).toBe("bad");
  expect(tone({ kind: "unanswered", asWanted: false })).toBe("care");
});

test("the first sentence ends at its full stop, not within a name", () => {
  expect(firstSentence("Add buyers.read first. Then send.")).toEqual({ first: "Add buyers.read first.", rest: "Then send." });
  expect(firstSentence("Send again.")).toEqual({ first: "Send again.", rest: "" });
});
