/** What a person types into an editor, apart from the text that the page gives to it: what was given is not told again as typed. */
import { isolateHistory, undoDepth } from "@codemirror/commands";
import { Annotation, type Extension, Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** On a change that the page made. */
const given = Annotation.define<true>();

/** Tells the text after each change that a person made: typed, pasted, completed, mended, undone. */
export function typed(tell: (text: string) => void): Extension {
  return EditorView.updateListener.of(({ docChanged, state, transactions }) => {
    if (docChanged && transactions.some((one) => one.docChanged && one.annotation(given) !== true)) tell(state.doc.toString());
  });
}

/** Replaces the whole text without telling it. Undo brings the old one back where somebody had typed in it. */
export function give(view: EditorView, text: string): void {
  const { doc } = view.state;
  if (doc.toString() === text) return;
  view.dispatch({
    changes: { from: 0, to: doc.length, insert: text },
    annotations: [given.of(true), isolateHistory.of("full"), Transaction.addToHistory.of(undoDepth(view.state) > 0)],
  });
}
