/** Every English text of the window, by feature. A view says `m.build.send`. */
export const m = {
  close: "Close",
  cancel: "Cancel",
  remove: (what: string) => `Remove ${what}`,
  copy: (what: string) => `Copy ${what}`,
  undo: "Undo",
  rename: "Rename",
  /** The names of characters: "U+202E, U+200B". */
  unseen: (which: string) => `Holds characters that nobody sees: ${which}.`,
  newName: "New name",

  tier: { local: "local", test: "test", live: "LIVE" },

  screens: { build: "Build", inspect: "Inspect", keys: "Keys", profiles: "Profiles", settings: "Settings" },

  /** A kind whose errors have one cause has a title; elsewhere the error itself says best what happened. */
  errors: {
    usage: { title: null, advice: null },
    malformed: { title: null, advice: null },
    rule: { title: null, advice: null },
    "live-without-consent": { title: "Nothing was done for live.", advice: "It needs your yes in a window of the system." },
    "wrong-place": { title: null, advice: "Choose a credential of this environment." },
    "not-found": { title: null, advice: "It may have another name, or be deleted. Look in the list." },
    taken: { title: null, advice: null },
    "no-key": { title: null, advice: "Choose one under Profiles, or add one under Keys." },
    "wrong-passphrase": { title: "That passphrase does not open this vault.", advice: null },
    vault: { title: "The vault could not be used.", advice: "Check that the file is there and that you may write to its folder." },
    system: { title: null, advice: null },
    locked: { title: null, advice: "Unlock it and do this again." },
    gone: { title: null, advice: null },
  },
} as const;
