/** Every English text of the window, by feature. A view says `m.build.send`. */
export const m = {
  close: "Close",
  cancel: "Cancel",
  remove: (what: string) => `Remove ${what}`,
  copy: (what: string) => `Copy ${what}`,
  undo: "Undo",
  rename: "Rename",
  newName: "New name",

  tier: { local: "local", test: "test", live: "LIVE" },

  screens: { build: "Build", inspect: "Inspect", keys: "Keys", profiles: "Profiles", settings: "Settings" },

  errors: {
    usage: { title: "That cannot be done like this.", advice: null },
    malformed: { title: "That cannot be read.", advice: "Check that all of it was pasted, from its first character to its last." },
    rule: { title: "That breaks a rule.", advice: null },
    "live-without-consent": {
      title: "Nothing was signed for live.",
      advice: "A live signature needs your consent in a window of the system.",
    },
    "wrong-place": { title: "That key belongs somewhere else.", advice: "Choose a key of this environment." },
    "not-found": { title: "That is not in the vault.", advice: "It may have been renamed or deleted. Look in the list." },
    taken: { title: "That name is taken.", advice: "Choose another name." },
    "no-key": { title: "There is no key for this environment.", advice: "Choose one under Profiles, or generate one under Keys." },
    "wrong-passphrase": { title: "That passphrase does not open this vault.", advice: null },
    vault: { title: "The vault could not be used.", advice: "Check that the file is there and that you may write to its folder." },
    system: { title: "The system refused.", advice: null },
    locked: { title: "The vault is locked.", advice: "Unlock it and do this again." },
    gone: { title: "That is over.", advice: "Start it again." },
  },
} as const;
