/** How a field behaves whose text is saved when it is left or Enter is pressed. Escape puts back what is saved. */
import type { Unsaved } from "../state/unsaved.svelte";

export function savesItself(unsaved: Unsaved<string>, save: () => void) {
  return {
    oninput: ({ currentTarget }: Event & { currentTarget: HTMLInputElement }) => unsaved.type(currentTarget.value),
    onblur: save,
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "Enter") save();
      if (event.key !== "Escape" || unsaved.typed === null) return;
      event.stopPropagation();
      unsaved.putBack();
    },
  };
}
