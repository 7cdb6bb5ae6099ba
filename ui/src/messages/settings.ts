/** Settings, in English. */
import type { RANGES } from "../host/wire";

export const settings = {
  title: "Settings",
  saved: "Saved",
  undone: "As before",
  security: "Security",
  lockOnSleep: "Lock when the computer sleeps",
  /** Each number where it is shown. */
  numbers: {
    lockAfterMinutes: { under: "security", label: "Lock after", unit: "minutes without a key or a click" },
    clearSecretSeconds: { under: "security", label: "Take secrets off the clipboard after", unit: "seconds" },
    clearTokenSeconds: { under: "security", label: "Take tokens off the clipboard after", unit: "seconds" },
    connectSeconds: { under: "network", label: "Connect within", unit: "seconds" },
    totalSeconds: { under: "network", label: "Answer within", unit: "seconds" },
    emulatorPort: { under: "network", label: "Emulator’s port", unit: "0: any free one. Counts from its next start on." },
  } satisfies Record<keyof typeof RANGES, { under: "security" | "network"; label: string; unit: string }>,
  range: (from: number, to: number) => `A whole number from ${from} to ${to}.`,
  passphrase: "Passphrase",
  changePassphrase: "Change passphrase…",
  passphraseWords: "Everything in the vault is sealed with it. Nobody can reset it.",

  changeTitle: "Change the passphrase",
  current: "The passphrase now",
  wanted: "The new passphrase",
  again: "The new passphrase again",
  differs: "The two are not the same.",
  strength: (words: string) => `Strength: ${words}`,
  tooWeak: "Too weak to keep keys under.",
  change: "Change",
  changed: "The passphrase is changed",
  working: "Sealing the vault again",

  network: "Network",
  proxy: "Proxy",
  proxyHint: "Empty: as the environment says. Never used for this computer.",
  trusted: "Certificates",
  trustedWords: (count: number) =>
    count === 0
      ? "Those of the system."
      : count === 1
        ? "Those of the system, and one of your own."
        : `Those of the system, and ${count} of your own.`,
  trust: "Trust a file…",
  trustSystem: "Only the system’s",

  appearance: "Appearance",
  theme: "Theme",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  textSize: "Text size",

  vault: "Vault",
  path: "File",
  copyPath: "path of the vault",
  another: "Another vault…",
  anotherWords: "This one is locked once another is chosen.",

  about: "About",
  version: "Keywright",
  system: "System",
  systems: { linux: "Linux", macos: "macOS", windows: "Windows", other: "another" },
  offline: "It speaks to nobody but the APIs you call.",
};
