import type { Sent } from "../../host/wire";
import { build as m } from "../../messages/build";

/** "110 B · 184 ms · your clock agrees with the server's": what is known of an answer besides its words. */
export function answerFacts(sent: Sent): string {
  const facts = [m.answer.ms(sent.elapsedMs)];
  if (sent.answer !== null) facts.unshift(m.answer.size(new TextEncoder().encode(sent.answer.body).length));
  if (sent.skew !== null) facts.push(m.answer.clock(sent.skew.words));
  return facts.join(" · ");
}
