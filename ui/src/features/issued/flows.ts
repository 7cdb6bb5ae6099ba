/** Which flow is the next to run: what renews a token, or what gets one. The others stand behind it. */
import type { FlowKind, FlowRow, IssuedTokens, KeyRow } from "../../host/wire";

const GETS: Record<KeyRow["kind"], FlowRow["kind"][]> = {
  login: ["log-in"],
  "api-key": ["mint", "exchange"],
  client: ["exchange", "mint"],
  "private-key": ["exchange", "mint"],
  "shared-secret": ["exchange", "mint"],
};

export interface Offered {
  primary: FlowRow | null;
  others: FlowRow[];
}

export function offered(flows: FlowRow[], key: Pick<KeyRow, "kind"> | null, issued: Pick<IssuedTokens, "refresh"> | null): Offered {
  const gets = key === null ? [] : GETS[key.kind];
  const renews = issued?.refresh === true ? flows.find(({ kind }) => kind === "refresh") : undefined;
  const primary = renews ?? flows.find(({ kind }) => gets.includes(kind)) ?? null;
  const useful = flows.filter(
    (flow) =>
      flow !== primary &&
      (flow.kind !== "refresh" || issued?.refresh === true) &&
      (issued !== null || !["verify", "log-out"].includes(flow.kind)),
  );
  return { primary, others: useful };
}

/** How a token is got with this credential: what one reads before there is one. */
export function getsBy(flows: FlowRow[], key: Pick<KeyRow, "kind"> | null): Extract<FlowKind, "log-in" | "mint" | "exchange"> {
  const kind = flows.find(({ kind }) => key !== null && GETS[key.kind].includes(kind))?.kind;
  return kind === "log-in" || kind === "exchange" ? kind : "mint";
}
