/** The claims of a token that the server made, as rows to read. */
import { spanWords, whenWords } from "../../time";

export interface ClaimRow {
  name: string;
  value: string;
  words: string | null;
}

const TIMES = ["iat", "nbf", "exp"];

/** None where the text is not a JSON object: an opaque token has nothing to read. */
export function claimRows(header: string, claims: string, now: number): ClaimRow[] | null {
  const inside = objectIn(claims);
  if (inside === null) return null;
  const alg = objectIn(header)?.["alg"];
  const rows = Object.entries(inside).map(([name, value]) => row(name, value, now));
  return typeof alg === "string" ? [{ name: "alg", value: alg, words: null }, ...rows] : rows;
}

function row(name: string, value: unknown, now: number): ClaimRow {
  if (TIMES.includes(name) && typeof value === "number") {
    const away = value - now;
    const words = name === "exp" ? (away > 0 ? `in ${spanWords(away)}` : `${spanWords(-away)} ago`) : null;
    return { name, value: whenWords(value, now), words };
  }
  return { name, value: typeof value === "string" ? value : JSON.stringify(value), words: null };
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
