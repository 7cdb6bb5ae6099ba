/** How long a token still lives, in words and as a share of its life. */
import type { Times } from "../../host/wire";
import { build as m } from "../../messages/build";
import { clockWords, spanWords } from "../../time";

export interface Life {
  state: "none" | "early" | "alive" | "late" | "over";
  /** What of its life is left, from 0 to 1. */
  share: number;
  words: string;
  spoken: string;
}

export function life(times: Times, now: number): Life {
  const { issued, notBefore, expires } = times;
  if (expires === null) return { state: "none", share: 1, words: m.life.never, spoken: m.life.never };
  const left = expires - now;
  if (left <= 0) {
    const words = m.life.expired(spanWords(-left));
    return { state: "over", share: 0, words, spoken: words };
  }
  if (notBefore !== null && notBefore > now) {
    const words = m.life.starts(spanWords(notBefore - now));
    return { state: "early", share: 1, words, spoken: words };
  }
  const began = issued ?? notBefore ?? now;
  const whole = Math.max(1, expires - began);
  const share = Math.min(1, left / whole);
  return { state: share < 0.2 ? "late" : "alive", share, words: m.life.left(spanWords(left)), spoken: m.life.spokenLeft(coarse(left)) };
}

/** Whole minutes: what is spoken must not change each second. */
function coarse(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return spanWords(seconds);
}

/** Where a moment lies on the bar, from 0 to 1; none if the bar has no ends. */
export function place(times: Times, at: number): number | null {
  const began = times.issued ?? times.notBefore;
  if (began === null || times.expires === null || times.expires <= began) return null;
  return Math.min(1, Math.max(0, (times.expires - at) / (times.expires - began)));
}

export function details({ issued, notBefore, expires }: Times, clock: string | null): string {
  const words: string[] = [];
  if (issued !== null) words.push(m.life.issued(clockWords(issued, true)));
  if (notBefore !== null && notBefore !== issued) words.push(m.life.validFrom(clockWords(notBefore, true)));
  if (expires !== null) words.push(m.life.expires(clockWords(expires, true)));
  const said = words.join(", ");
  return clock === null ? said : `${said}. ${m.life.serverClock(clock)}`;
}
