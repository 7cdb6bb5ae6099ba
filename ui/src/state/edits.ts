import type { TextEdit } from "../host/wire";

/** The text with all edits made. Their places are those of the text as it was. */
export function withEdits(text: string, edits: TextEdit[]): string {
  let made = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    made += text.slice(at, edit.from) + edit.insert;
    at = edit.to;
  }
  return made + text.slice(at);
}
