/** Sheets in memory: what stands in their fields, and the change of the claims text. */
import type { ClaimSheet, Draft, FieldReading, FieldValue, SheetCreated, SheetField, SheetReading, TextEdit } from "../wire";
import { withClaim } from "./claims-text";
import { exchange } from "./exchange";
import { placeOf, scopesOf } from "./reading";
import { fail, type World } from "./world";

/** What a definition says beyond what the page is told: the members that the fields write, and what stands there at first. */
const FIELDS: Record<string, { members: string[]; start: string[] }> = {
  embed: { members: ["amount", "currency", "buyer_external_identifier", "buyer_id"], start: ["1299", "GBP", "", ""] },
  order: { members: ["total", "currency", "capture", "labels"], start: ["", "EUR", "", ""] },
};
const field = (label: string, kind: SheetField["kind"], required = false, choices: string[] = []): SheetField => ({
  label,
  kind,
  required,
  choices,
});

/** A sheet that no built-in provider has: `/?order`. */
export const order: ClaimSheet = {
  claim: "order",
  label: "Pin an order",
  title: "Pin an order",
  help: null,
  icon: "form",
  scope: "orders.pay",
  fields: [
    field("Total in the smallest unit", "digits", true),
    field("Currency", "currency", true),
    field("Capture", "choice", false, ["now", "later"]),
    field("Labels", "pairs"),
  ],
  create: null,
  setLabel: null,
  removeLabel: null,
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function sheetOf(world: World, draft: Draft, claim: string): ClaimSheet {
  return (
    placeOf(world, draft).provider?.sheets.find((sheet) => sheet.claim === claim) ?? fail("not-found", `there is no sheet for ${claim}`)
  );
}

function claimOf(text: string, claim: string): unknown {
  try {
    return (JSON.parse(text) as Record<string, unknown>)[claim];
  } catch {
    return undefined;
  }
}

export function readSheet(world: World, draft: Draft, claim: string, filled: FieldValue[] | null): SheetReading {
  const { fields } = sheetOf(world, draft, claim);
  const here = claimOf(draft.claims, claim);
  const values =
    filled ?? fields.map((field, index) => first(field, here, FIELDS[claim]?.members[index], FIELDS[claim]?.start[index] ?? ""));
  const read = fields.map((field, index): FieldReading => {
    const value = values[index] ?? "";
    return { value, fault: fault(claim, field, value), means: meaning(fields, values, index) };
  });
  const ready = fields.every((field, index) => read[index]?.fault === null && (!field.required || read[index]?.value !== ""));
  return { fields: read, present: here !== undefined, ready };
}

function first(field: SheetField, here: unknown, member: string | undefined, start: string): FieldValue {
  const value = member === undefined ? here : (here as Record<string, unknown> | undefined)?.[member];
  if (field.kind === "pairs") return Object.entries((value as Record<string, string> | undefined) ?? {});
  return value === undefined ? start : String(value);
}

function fault(claim: string, field: SheetField, value: FieldValue): string | null {
  if (typeof value !== "string") return value.some(([name, text]) => name === "" && text !== "") ? "A name for each text." : null;
  if (value === "") return null;
  if (field.kind === "digits" && !/^\d{1,15}$/.test(value)) return "Whole digits only, as 1299 for 12.99.";
  if (field.kind === "currency" && !/^[A-Z]{3}$/.test(value)) return "Three capital letters, as GBP.";
  if (FIELDS[claim] === undefined && !UUID.test(value)) return "A UUID, as 4137b1cf-39ac-42a8-bad6-1c680d5dab6b.";
  return null;
}

function meaning(fields: SheetField[], values: FieldValue[], index: number): string | null {
  const currency = values[fields.findIndex(({ kind }) => kind === "currency")];
  if (fields[index]?.kind !== "digits" || !/^\d+$/.test(String(values[index])) || currency !== "GBP") return null;
  return `means £${(Number(values[index]) / 100).toFixed(2)}`;
}

export function sheetEdits(world: World, draft: Draft, claim: string, filled: FieldValue[] | null): TextEdit[] {
  const { fields, scope } = sheetOf(world, draft, claim);
  const members = FIELDS[claim]?.members;
  const value =
    filled === null ? undefined : members === undefined ? filled[0] : objectOf(fields, members, filled, claimOf(draft.claims, claim));
  const once = withClaim(draft.claims, claim, value);
  const others = scopesOf(once).filter((other) => other !== scope);
  const after = scope === null ? once : withClaim(once, "scopes", filled === null ? others : [...others, scope]);
  return [{ from: 0, to: draft.claims.length, insert: after }];
}

function objectOf(fields: SheetField[], members: string[], filled: FieldValue[], before: unknown): object {
  const found: Record<string, unknown> = { ...(before as object | undefined) };
  members.forEach((name, index) => {
    const value = filled[index] ?? "";
    if (value.length === 0) delete found[name];
    else found[name] = typeof value !== "string" ? Object.fromEntries(value) : fields[index]?.kind === "digits" ? Number(value) : value;
  });
  return found;
}

/** The call goes out with the scopes that it needs, as it would from Build. */
export function createdBy(world: World, draft: Draft, claim: string): SheetCreated {
  const call = sheetOf(world, draft, claim).create ?? fail("not-found", `no call makes ${claim}`);
  const endpoint = placeOf(world, draft).provider?.endpoints.find(({ method, path }) => `${method} ${path}` === call.call);
  const asked = { ...draft, target: { endpoint: endpoint?.id ?? "" }, body: endpoint?.body ?? null };
  const sent = exchange(world, { ...asked, claims: withClaim(draft.claims, "scopes", endpoint?.allScopes ?? []) });
  if (!sent.asWanted)
    return { value: null, problem: { code: "rule", message: sent.sentence, ...(sent.next === null ? {} : { hint: sent.next }) } };
  return { value: (JSON.parse(sent.answer?.body ?? "{}") as { id: string }).id, problem: null };
}
