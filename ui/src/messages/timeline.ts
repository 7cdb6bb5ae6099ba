/** What happened on the way, in English. */
import { spanWords } from "../time";

export const timeline = {
  title: "What happened, step by step",
  follow: "Follow the flow",
  followWhy: "Renews, waits and tries again as the provider says. Off: one request and no more.",
  steps: (count: number) => (count === 1 ? "one step" : `${count} steps`),
  kinds: {
    sign: "Sign",
    send: "Send",
    register: "Register",
    "flow-log-in": "Log in",
    mint: "Mint",
    exchange: "Exchange",
    refresh: "Refresh",
    verify: "Verify",
    "log-out": "Log out",
    renew: "Renew",
    wait: "Wait",
    redirect: "Redirect",
    "log-in": "Log in again",
    "give-up": "Give up",
  } as Record<string, string>,
  cameWith: (status: number) => `Came back with ${status}`,
  nothingCame: "Nothing came back.",
  waiting: (seconds: number) => (seconds <= 0 ? "Going on" : `Waiting ${spanWords(seconds)}`),
  waitingSpoken: (seconds: number, why: string) => `Waiting ${spanWords(seconds)}: ${why}`,
  cancel: "Cancel",
  done: { register: "Registered.", "log-in": "Logged in.", mint: "A token was minted.", exchange: "A token was given.", refresh: "The access token is renewed.", verify: "The server says that it is good.", "log-out": "Logged out." },
  unverified: "The server says that it is not good.",
  failed: (label: string) => `${label} failed.`,
  edited: "This is about the draft as it was then. It was edited since.",
};
