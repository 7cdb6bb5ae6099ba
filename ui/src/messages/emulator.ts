/** The emulator, in English. */
import type { EmulatorEntry } from "../host/wire";
import { group } from "../time";

export const emulator = {
  open: "Emulator…",
  action: "What the emulator saw",
  title: "The emulator",
  words: "It plays the providers on this computer and says what no real server would: what it checked, and why it refused.",
  address: "Its address",
  stopped: "It does not run. It starts with the first call to Local.",
  start: "Start it",
  reset: "Reset",
  resetWhy: "Sessions, limits, faults, revocations and the log go. What is registered stays.",
  wasReset: "The emulator starts afresh.",

  faults: "How it misbehaves",
  skew: "Clock, s ahead",
  delay: "Delay, ms",
  fail: "Fail with",
  never: "nothing",
  times: "Times",
  always: "always",
  retryAfter: "Retry-After, s",
  noField: "none",
  calls: "Calls of each caller",
  documented: "as documented",
  seconds: "In seconds",
  breakOff: "Break off answers",
  apply: "Set these faults",
  behave: "Without faults",
  wrong: (what: string, least: number, most: number) => `${what}: a whole number from ${group(least)} to ${group(most)}.`,

  once: "What happens once",
  expire: "Expire access tokens",
  expired: "Every access token has expired there.",
  blacklist: "Blacklist refresh tokens",
  blacklisted: "Every refresh token is blacklisted there.",
  revoke: (name: string) => `Revoke ${name}`,
  revoked: (name: string) => `${name} is revoked there, until it is reset.`,

  log: "What it saw",
  none: "No request yet. Send a call to Local, or point your own program at the address.",
  outcome: { accepted: "accepted", refused: "refused", unchecked: "not checked" } satisfies Record<EmulatorEntry["outcome"], string>,
  refusedAt: (check: string) => `refused at ${check}`,
  passed: (checks: string) => `passed: ${checks}`,
} as const;
