/** The token as the ribbon draws it: three parts, the third empty while nothing is signed. */
import type { DraftReading } from "../host/wire";

export interface Ribbon {
  header: string;
  payload: string;
  /** None while it is not signed. */
  signature: string | null;
  /** The server made it: its signature stays in the program. */
  hidden?: boolean;
  /** The token of an earlier state of the draft: what stands there now cannot be read. */
  dim: boolean;
}

/** The ribbon after a reading. While the draft has a fault that keeps it from being signed, the last one stays and dims. */
export function ribbonOf(
  reading: Pick<DraftReading, "token" | "header" | "claims" | "tier" | "key" | "authentication">,
  last: Ribbon | null,
): Ribbon | null {
  if (reading.authentication === "issued-token" && reading.claims !== "")
    return { header: base64url(reading.header), payload: base64url(reading.claims), signature: HIDDEN, hidden: true, dim: false };
  if (
    reading.authentication === "issued-token" ||
    reading.authentication === "key" ||
    (reading.authentication === "nothing" && last?.hidden)
  )
    return null;
  if (reading.token !== null) return { ...reading.token, dim: false };
  // Without a key, and in live before consent, nothing is wrong with the draft: it is only not signed.
  const faulty = reading.claims === "" || (reading.tier !== "live" && reading.key !== null);
  if (faulty && last !== null) return { ...last, dim: true };
  if (reading.claims === "") return null;
  return { header: base64url(reading.header), payload: base64url(reading.claims), signature: null, dim: false };
}

/** In place of what is not shown. */
const HIDDEN = "•••";

export function base64url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A part in three: before, at and after what is marked. */
export function split(part: string, marked: { start: number; end: number } | null): [string, string, string] {
  if (marked === null || marked.end <= marked.start || marked.start >= part.length) return [part, "", ""];
  return [part.slice(0, marked.start), part.slice(marked.start, marked.end), part.slice(marked.end)];
}
