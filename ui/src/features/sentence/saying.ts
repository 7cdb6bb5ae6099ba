/** How the sentence begins and what it says before the credential: true for what the call will carry. */
import type { DraftReading, IssuedTokens, KeyRow, Provider } from "../../host/wire";
import { frame as m } from "../../messages/frame";

interface Stand {
  provider: Pick<Provider, "signsHere" | "takes" | "flows"> | null;
  key: Pick<KeyRow, "kind"> | null;
  /** None while nothing was read of this place. */
  reading: (Pick<DraftReading, "authentication"> & { issued: Pick<IssuedTokens, "access"> | null }) | null;
}

export function saying({ provider, key, reading }: Stand): { verb: string; with: string } {
  const s = m.sentence;
  const words = key === null ? s.with : s.withKind[key.kind];
  if (provider === null || provider.signsHere) return { verb: s.signAs, with: s.with };
  if (key === null) {
    const logsIn = provider.takes[0] !== "key" && provider.flows.some(({ kind }) => kind === "log-in");
    return { verb: logsIn ? s.logInAs : s.callAs, with: words };
  }
  if (key.kind === "login") return { verb: reading?.issued?.access ? s.loggedInAs : s.logInAs, with: words };
  if (key.kind === "client") return { verb: s.tokenAs, with: words };
  return { verb: reading?.authentication === "issued-token" ? s.mintAs : s.callAs, with: words };
}
