/** A rotation in words: how a step is known to be done, and what a time means. */
import type { KeyLife, LineDue, Rotation, RotationRow, StepEvidence } from "../../host/wire";
import { rotation as m } from "../../messages/rotation";
import { ageWords, whenWords } from "../../time";

/** Who vouches for a step: ourselves, the provider, the person; or nobody yet. */
export type Vouches = "here" | "server" | "said" | "open" | "now";

export function vouches(row: RotationRow, current: boolean): Vouches {
  if (row.done === null) return current ? "now" : "open";
  switch (row.done.evidence.by) {
    case "here":
      return "here";
    case "said":
      return "said";
    default:
      return "server";
  }
}

export function evidenceWords(evidence: StepEvidence, now: number): string {
  const words = m.evidence;
  switch (evidence.by) {
    case "seen":
      return evidence.thumbprint === null ? words.seen(evidence.pair) : words.seenSame(evidence.pair);
    case "refused":
      return words.refused(evidence.status);
    case "accepted":
      return words.accepted(evidence.status);
    case "silent":
      return evidence.last === null ? words.neverUsed : words.silent(whenWords(evidence.last, now));
    default:
      return words[evidence.by];
  }
}

/** "3 Dec, 10:54" and a year where it is another; of the present minute nothing. */
export function timeOf(row: RotationRow, now: number): string {
  if (row.done !== null) return whenWords(row.done.at, now);
  return row.earliest.at > now + 60 ? m.from(whenWords(row.earliest.at, now)) : "";
}

/** When a call of a key was accepted last, as far as this vault knows. */
export function acceptedWords({ lastAccepted }: KeyLife, now: number): string {
  return lastAccepted === null ? m.neverAccepted : m.accepted(whenWords(lastAccepted, now));
}

export function madeWords(made: number | null, now: number): string {
  return made === null ? m.ageUnknown : m.age(ageWords(made, now));
}

/** "4 of 10 done". */
export function doneWords({ rows }: Rotation): string {
  return m.done(rows.filter(({ done }) => done !== null).length, rows.length);
}

export function dueWords({ key, kind, at }: LineDue, now: number): string {
  const when = at === null ? "" : whenWords(at, now);
  if (kind === "leaked") return m.due.leaked(key, when);
  return kind === "age" ? m.due.since(key, when) : m.due.unknown(key);
}
