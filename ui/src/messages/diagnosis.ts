/** Texts of "About and diagnosis". */
import type { Health } from "../host/wire";

export const diagnosis = {
  title: "About and diagnosis",
  open: "About and diagnosis…",
  about: (version: string) => `Keywright ${version}, free software under the MIT or the Apache 2.0 licence.`,
  promise: "Keywright sends this nowhere. Your home folder and the passwords of proxies are left out.",
  cutOff: "Keywright was not closed last time",
  looking: "Looking around…",
  again: "Look again",
  copy: "Copy",
  copied: "Copied.",
  save: "Save…",
  saved: (file: string) => `Saved to ${file}.`,
  health: { fine: "fine", unknown: "not known", notice: "worth knowing", problem: "does not work" } satisfies Record<Health, string>,
  /** The whole in one sentence. */
  verdict: {
    fine: "Nothing is wrong that can be seen from here.",
    unknown: "Nothing is wrong that can be seen from here. Some of it the system does not tell.",
    notice: "Keywright works. Something may work otherwise than you expect.",
    problem: "Something does not work.",
  } satisfies Record<Health, string>,
} as const;
