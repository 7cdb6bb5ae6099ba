/** What each kind of error is called in the window, and what to do about it. Total: a new code does not compile without a row. */
import type { Code, ErrorBody } from "./host/wire";
import { m } from "./messages";

interface Row {
  /** None where the errors of a kind have too little in common: the error's own words are its title. */
  title: string | null;
  /** What to do when the error itself brings no hint. */
  advice: string | null;
}

export const ERRORS: Record<Code, Row> = m.errors;

export interface Presentation {
  title: string;
  message: string;
  advice: string | null;
}

/** The program's texts are lower case without a full stop; here they follow a title, or are one. */
export function presentation({ code, message, hint }: ErrorBody): Presentation {
  const row = ERRORS[code];
  return { title: row.title ?? sentence(message), message: sentence(message), advice: hint === undefined ? row.advice : sentence(hint) };
}

/** An error where there is room for a line: what the program said, and what to do. */
export function inLine(error: ErrorBody | null): string | null {
  return error === null ? null : [error.message, ...(error.hint === undefined ? [] : [error.hint])].map(sentence).join(" ");
}

/** Whether it is about a field: the program names what it speaks of, by id or by label. */
export function speaksOf(error: ErrorBody | null, { id, label }: { id: string; label: string }): boolean {
  if (error === null) return false;
  const texts = [error.message, ...(error.findings ?? []).map(({ message }) => message)];
  return texts.some((text) => text.includes(id) || text.includes(label));
}

/** Whatever was thrown, as an error that can be shown. Only the program's own errors have a code. */
export function errorBody(thrown: unknown): ErrorBody {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) return thrown as ErrorBody;
  return { code: "system", message: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** "found 3 parts" becomes "Found 3 parts." */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…:]$/.test(first) ? first : `${first}.`;
}
