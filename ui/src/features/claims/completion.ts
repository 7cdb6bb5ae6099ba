import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";

import type { Completion, Completions } from "../../host/wire";

export type Complete = (at: number) => Promise<Completions>;

/** What has the typed text in it; what begins with it comes first. */
export function ranked(options: Completion[], typed: string): Completion[] {
  const at = (option: Completion) => option.label.toLowerCase().indexOf(typed);
  const first = options.filter((option) => at(option) === 0);
  return [...first, ...options.filter((option) => at(option) > 0)];
}

/** Offers what Rust knows about the place. Nothing is offered without typing or asking. */
export function completion(complete: Complete): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (!context.explicit && context.matchBefore(/["$\w.*-]$/) === null) return null;
    const found = await complete(context.pos).catch(() => null);
    if (found === null || context.aborted || found.options.length === 0) return null;
    const typed = context.state.sliceDoc(found.from, context.pos).replace(/^"/, "").toLowerCase();
    const options = ranked(found.options, typed);
    if (options.length === 0) return null;
    return {
      from: found.from,
      to: Math.max(found.to, context.pos),
      filter: false,
      options: options.map((option) => ({
        label: option.label,
        apply: option.insert,
        type: option.kind,
        ...(option.detail === null ? {} : { detail: option.detail }),
        ...(option.info === null ? {} : { info: option.info }),
      })),
    };
  };
  return autocompletion({ override: [source], icons: false, closeOnBlur: true, maxRenderedOptions: 60 });
}
