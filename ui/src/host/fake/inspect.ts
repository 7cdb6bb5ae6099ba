/** A token read in memory. */
import type { TokenReading } from "../wire";
import { now, type Area } from "./world";

export const inspect: Area<"token_inspect" | "token_inspect_clipboard"> = (world) => ({
  token_inspect: ({ text }) => reading(text),
  token_inspect_clipboard: () => (world.clipboard.includes(".") ? reading(world.clipboard) : null),
});

function reading(text: string): TokenReading {
  const token = /[\w-]+\.[\w-]+\.[\w-]*/.exec(text)?.[0] ?? "";
  const [header = "", payload = "", signature = ""] = token.split(".");
  const unknown = { verdict: "unknown", word: "Not checked", reasons: [] } as const;
  return {
    token,
    parts: token === "" ? null : { header, payload, signature },
    taken: null,
    characters: token.length,
    sentence: token === "" ? "There is no token in this text." : "The token can be read. Its signature was not checked.",
    detail: null,
    tone: token === "" ? "bad" : "calm",
    structure: { verdict: token === "" ? "bad" : "good", word: token === "" ? "Not a token" : "Well formed", reasons: [] },
    signature: { ...unknown, reasons: [] },
    policy: { ...unknown, reasons: [] },
    provider: null,
    header: [],
    payload: [],
    headerText: null,
    payloadText: null,
    times: { issued: null, notBefore: null, expires: null },
    now: now(),
    key: null,
    ownKeys: "locked",
    findings: [],
    nearMiss: null,
    draftClaims: null,
  };
}
