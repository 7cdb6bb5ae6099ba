// Meaning at the end of a line: "14:11:40, in 5 min". It hangs at the right edge and takes no place in the text, so
// nothing moves when it comes and goes.
import { type Extension, RangeSetBuilder, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

import type { LineNote } from "../../host/wire";
import { visible } from "../../unseen";

class NoteWidget extends WidgetType {
  constructor(
    readonly note: LineNote,
    readonly columns: number,
  ) {
    super();
  }

  override eq(other: NoteWidget): boolean {
    return other.note.words === this.note.words && other.note.tone === this.note.tone && other.columns === this.columns;
  }

  override toDOM(): HTMLElement {
    // Measured in the editor's characters, so that a note never covers its line's text.
    const room = document.createElement("span");
    room.className = "cm-note";
    room.style.maxWidth = `calc(100% - ${this.columns + 2}ch - 1rem)`;
    const words = room.appendChild(document.createElement("span"));
    words.className = `cm-note-words cm-note-${this.note.tone}`;
    words.textContent = visible(this.note.words);
    words.title = words.textContent;
    return room;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

/** Replaces all notes. */
export const setNotes = StateEffect.define<LineNote[]>();

function drawn(notes: LineNote[], text: Text): DecorationSet {
  const set = new RangeSetBuilder<Decoration>();
  for (const note of [...notes].sort((a, b) => a.line - b.line)) {
    if (note.line < 1 || note.line > text.lines) continue;
    const line = text.line(note.line);
    set.add(line.to, line.to, Decoration.widget({ widget: new NoteWidget(note, line.length), side: 1 }));
  }
  return set.finish();
}

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(notes, transaction) {
    for (const effect of transaction.effects) if (effect.is(setNotes)) return drawn(effect.value, transaction.newDoc);
    return notes.map(transaction.changes);
  },
  provide: (notes) => EditorView.decorations.from(notes),
});

const style = EditorView.theme({
  ".cm-note": {
    position: "absolute",
    right: "1rem",
    top: "0",
    display: "block",
    overflow: "hidden",
    pointerEvents: "auto",
    cursor: "default",
    userSelect: "none",
  },
  ".cm-note-words": {
    display: "block",
    font: "400 0.75rem/var(--code-line, 1.25rem) var(--font-ui)",
    color: "var(--text-2)",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  ".cm-note-warn": { color: "var(--warn)" },
  ".cm-note-fail": { color: "var(--fail)" },
});

export const notes: Extension = [field, style];
