/** How a row of the timeline is drawn. What it means is said in its words, which come from the program. */
import type { TimelineRow } from "../../host/wire";

export type Look = "good" | "bad" | "plain" | "wait";

export function look({ kind, came }: Pick<TimelineRow, "kind" | "came">): Look {
  if (kind === "give-up") return "bad";
  if (kind === "wait") return "wait";
  if (came === null) return "plain";
  return came.status < 400 ? "good" : "bad";
}

/** Where a row's work began and ended among all of them, from 0 to 1; none where nothing of it was timed. */
export interface Part {
  from: number;
  share: number;
}

export function parts(rows: Pick<TimelineRow, "tookMs">[]): (Part | null)[] {
  const whole = rows.reduce((sum, { tookMs }) => sum + (tookMs ?? 0), 0);
  let passed = 0;
  return rows.map(({ tookMs }) => {
    if (tookMs === null || whole === 0) return null;
    const part = { from: passed / whole, share: tookMs / whole };
    passed += tookMs;
    return part;
  });
}
