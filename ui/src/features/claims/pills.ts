// Time and id expressions as pills: "now + 5 min" for "$now+5m". The text beneath is what counts, so where the cursor
// stands at one, the text shows.
import { type Extension, RangeSet, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

import type { Pill } from "../../host/wire";

class PillWidget extends WidgetType {
  constructor(readonly words: string) {
    super();
  }

  override eq(other: PillWidget): boolean {
    return other.words === this.words;
  }

  override toDOM(): HTMLElement {
    const pill = document.createElement("span");
    pill.className = "cm-pill";
    pill.textContent = this.words;
    return pill;
  }

  // A click falls through to the editor, which puts the cursor there, and the text shows.
  override ignoreEvent(): boolean {
    return false;
  }
}

/** Replaces all pills. Their places are those of the text at that moment. */
export const setPills = StateEffect.define<Pill[]>();

const known = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(pills, transaction) {
    let now = pills.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setPills)) now = drawn(effect.value, transaction.newDoc.length);
    return now;
  },
});

function drawn(pills: Pill[], length: number): DecorationSet {
  const set = new RangeSetBuilder<Decoration>();
  for (const pill of [...pills].sort((a, b) => a.from - b.from)) {
    if (pill.from >= pill.to || pill.to > length) continue;
    set.add(pill.from, pill.to, Decoration.replace({ widget: new PillWidget(pill.words) }));
  }
  return set.finish();
}

/** The pills that stand apart from every cursor and selection. */
const visible = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(_, transaction) {
    const { ranges } = transaction.state.selection;
    return transaction.state.field(known).update({ filter: (from, to) => !ranges.some((range) => range.from <= to && range.to >= from) });
  },
  provide: (field) => [
    EditorView.decorations.from(field),
    EditorView.atomicRanges.of((view) => view.state.field(field, false) ?? RangeSet.empty),
  ],
});

const style = EditorView.theme({
  ".cm-pill": {
    font: "500 0.75rem/1rem var(--font-ui)",
    display: "inline-block",
    verticalAlign: "baseline",
    background: "var(--fill)",
    color: "var(--info)",
    borderRadius: "0.25rem",
    padding: "0 0.375rem",
    cursor: "text",
  },
  ".cm-activeLine .cm-pill": { background: "var(--bg)" },
});

export const pills: Extension = [known, visible, style];
