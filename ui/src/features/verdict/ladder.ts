/** How a gate is drawn and called. A shape never stands without its word. */
import type { Gate, Mood, Sent } from "../../host/wire";
import { build as m } from "../../messages/build";

/** Filled disc: the server said it. Ring: proved here. Dashed ring: likely. Small ring: not reached. Dash: does not apply. */
export type Shape = "disc" | "ring" | "dashed" | "small" | "dash";

export interface Rung {
  shape: Shape;
  word: string;
  /** Quiet: nothing is known or nothing is to be known. */
  dim: boolean;
  fault: boolean;
  likely: boolean;
}

const SHAPES: Record<Gate["certainty"], Shape> = {
  confirmed: "disc",
  proved: "ring",
  likely: "dashed",
  "not-reached": "small",
  "does-not-apply": "dash",
};

export function rung(gate: Pick<Gate, "passage" | "certainty">): Rung {
  const fault = gate.passage === "stopped";
  const dim = gate.certainty === "not-reached" || gate.certainty === "does-not-apply";
  return {
    shape: SHAPES[gate.certainty],
    word: fault ? faultWord(gate.certainty) : m.verdict.certainty[gate.certainty],
    dim,
    fault,
    likely: gate.certainty === "likely",
  };
}

function faultWord(certainty: Gate["certainty"]): string {
  if (certainty === "likely") return m.verdict.likelyFault;
  if (certainty === "confirmed") return m.verdict.confirmedFault;
  return certainty === "proved" ? m.verdict.provedFault : m.verdict.certainty[certainty];
}

/** A refusal and a broken server are bad news; what says nothing about the credential wants care. */
export function tone(sent: Pick<Sent, "kind" | "asWanted">): Mood {
  if (sent.asWanted) return "good";
  return sent.kind === "refused" || sent.kind === "server-failed" ? "bad" : "care";
}

/** The gate where the call stopped, if one is known or likely. */
export function stop(gates: Gate[]): Gate | null {
  return gates.find(({ passage }) => passage === "stopped") ?? null;
}

export interface Cures {
  publicKey: boolean;
  serverTime: boolean;
  /** The scopes that the call needs and the token lacks. */
  scopes: string[];
}

/** What can be done about an answer from here. */
export function cures(sent: Sent, lacks: string[], hasPublicKey: boolean): Cures {
  const at = stop(sent.gates)?.gate ?? null;
  const refused = sent.kind === "refused";
  const clockOff = sent.skew !== null && Math.abs(sent.skew.ahead) >= 5;
  return {
    publicKey: refused && hasPublicKey && (at === "key-known" || at === "signature"),
    serverTime: refused && clockOff && at === "time",
    scopes: sent.asWanted ? [] : lacks,
  };
}

/** What matters most comes first and is set apart. */
export function firstSentence(text: string): { first: string; rest: string } {
  const end = /[.!?] (?=[A-Z“"])/.exec(text);
  return end === null ? { first: text, rest: "" } : { first: text.slice(0, end.index + 1), rest: text.slice(end.index + 2) };
}
