/** Texts of the doors: creating and unlocking a vault. */
import { clockWords, spanWords } from "../time";

const WHY = {
  asked: (at: number) => `Locked by you, at ${clockWords(at)}.`,
  idle: (at: number, minutes: number | null) =>
    `Locked after ${minutes === null ? "a while" : spanWords(minutes * 60)} idle, at ${clockWords(at)}.`,
  sleep: (at: number) => `Locked when the computer went to sleep, at ${clockWords(at)}.`,
  quit: (at: number) => `Locked at ${clockWords(at)}.`,
  "page-ended": (at: number) => `Locked at ${clockWords(at)}, because the process that draws the page ended by itself. Drafts are kept.`,
};

export const vault = {
  passphrase: "Passphrase",
  show: "Show passphrase",
  hide: "Hide passphrase",
  wiped: "What was typed was cleared after 30 s.",
  exposed: (count: number) => (count === 1 ? "Others on this computer can read this:" : "Others on this computer can read these:"),
  interrupted:
    "A journal lies beside the file: a change was cut off, or somebody put it there. The next change settles it, and keeps what stood there.",
  exposedAdvice: "It is sealed, so they cannot open it. Still, take their right to read it away.",

  create: {
    title: "Create your vault",
    lead: "One encrypted file on this computer. No account, no network.",
    shown: "Shown as you type, so not asked twice.",
    submit: "Create vault",
    other: "Open a vault file…",
    inspect: "Inspect a token without a vault",
    next: "What comes next",
    strength: "Strength",
    steps: {
      passphrase: "Passphrase",
      cost: (cost: string | null) =>
        cost === null
          ? "Opening takes work that is measured on this computer. Nobody can open the vault without it, nor reset it."
          : `Opening costs ${cost}. Nobody can open the vault without it, nor reset it.`,
      key: "First key",
      keyWords: "A demo key is made with the vault. For your own, drop a PEM or generate one. Its picture is cut from its thumbprint.",
      token: "First token",
      tokenWords: "Signed with the demo key as you type, and tried against a server on this computer that refuses as the real one does.",
    },
  },

  unlock: {
    title: (name: string) => {
      const capital = name.charAt(0).toUpperCase() + name.slice(1);
      return /vault/i.test(name) ? capital : `${capital} vault`;
    },
    fresh: "Locked. Without the passphrase nothing in it can be read.",
    locked: (why: keyof typeof WHY, at: number, minutes: number | null) => WHY[why](at, minutes),
    safe: "What was copied here is off the clipboard.",
    submit: "Unlock",
    other: "Another vault…",
    without: "Without unlocking. Nothing pasted is stored or sent.",
    inspect: "Inspect a token",
    inspectWords: "Decode it, read its times, check it with a public key.",
  },
} as const;
