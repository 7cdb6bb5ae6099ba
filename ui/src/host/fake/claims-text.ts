/** The claims as typed, taken apart: members with their places, expressions, and what they come to. */
import { jsonLanguage } from "@codemirror/lang-json";

import type { ClaimSpan, DraftEdit, Pill, TextEdit } from "../wire";
import { now } from "./world";

export interface Member {
  name: string;
  /** The whole member. */
  from: number;
  to: number;
  /** Its value. */
  valueFrom: number;
  valueTo: number;
}

/** Where the text stops being JSON; none where it is an object. */
export function fault(text: string): { at: number; line: number } | null {
  let at: number | null = null;
  jsonLanguage.parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError && at === null) at = node.from;
    },
  });
  if (at === null) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return null;
    } catch {
      // The parser of the editor forgives what JSON does not.
    }
    at = 0;
  }
  return { at: Math.min(at, Math.max(0, text.length - 1)), line: text.slice(0, at).split("\n").length };
}

/** The members of the object at a place: of the claims set, or of one of its claims. */
export function members(text: string, within?: Member): Member[] {
  const found: Member[] = [];
  let object = jsonLanguage.parser.parse(text).topNode.getChild("Object");
  if (within !== undefined)
    object =
      object
        ?.getChildren("Property")
        .find(({ from }) => from === within.from)
        ?.getChild("Object") ?? null;
  for (const property of object?.getChildren("Property") ?? []) {
    const name = property.getChild("PropertyName");
    const value = property.lastChild;
    if (name === null || value === null || value.from === name.from) continue;
    found.push({
      name: JSON.parse(text.slice(name.from, name.to)) as string,
      from: property.from,
      to: property.to,
      valueFrom: value.from,
      valueTo: value.to,
    });
  }
  return found;
}

const EXPRESSION = /"\$(now|uuid)(?:([+-])(\d+)(s|m|h|d))?"/g;
const UNIT = { s: 1, m: 60, h: 3600, d: 86_400 };
const WORDS = { s: "s", m: "min", h: "h", d: "d" };

export function pills(text: string): Pill[] {
  return [...text.matchAll(EXPRESSION)].map((hit) => {
    const [, what, sign, amount, unit] = hit;
    const words =
      what === "uuid" ? "new uuid" : sign === undefined ? "now" : `now ${sign === "+" ? "+" : "−"} ${amount} ${WORDS[unit as "s"]}`;
    return { from: hit.index, to: hit.index + hit[0].length, words };
  });
}

/** The text with its expressions worked out. */
export function resolved(text: string, shift = 0): string {
  return text.replace(EXPRESSION, (_, what: string, sign?: string, amount?: string, unit?: string) => {
    if (what === "uuid") return JSON.stringify(crypto.randomUUID());
    const by = amount === undefined ? 0 : Number(amount) * UNIT[unit as "s"] * (sign === "-" ? -1 : 1);
    return String(now() + shift + by);
  });
}

/** The claims set as it is signed, and where each member stands in the payload part. */
export function compact(text: string, shift: number): { claims: string; spans: ClaimSpan[] } {
  const bytes = (part: string) => new TextEncoder().encode(part).length;
  let claims = "{";
  const spans: ClaimSpan[] = [];
  for (const member of members(text)) {
    if (claims !== "{") claims += ",";
    const start = bytes(claims);
    claims += `${JSON.stringify(member.name)}:${JSON.stringify(JSON.parse(resolved(text.slice(member.valueFrom, member.valueTo), shift)))}`;
    spans.push({ from: member.from, to: member.to, start: Math.floor((start * 4) / 3), end: Math.ceil((bytes(claims) * 4) / 3) });
  }
  return { claims: `${claims}}`, spans };
}

export function json(value: unknown, depth = 1): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${"  ".repeat(depth)}`);
}

/** An expression in the largest unit that fits. */
export function expression(seconds: number): string {
  if (seconds === 0) return '"$now"';
  const sign = seconds < 0 ? "-" : "+";
  const size = Math.abs(seconds);
  const unit = (["d", "h", "m"] as const).find((unit) => size % UNIT[unit] === 0) ?? "s";
  return `"$now${sign}${size / UNIT[unit]}${unit}"`;
}

/** A change that needs no more than the text. */
type PlainEdit = Exclude<DraftEdit, { set: "sheet" }>;

export function edits(text: string, edit: PlainEdit, recipe: string): TextEdit[] {
  const all = members(text);
  switch (edit.set) {
    case "recipe":
      return [{ from: 0, to: text.length, insert: recipe }];
    case "scopes":
      return put(text, all, "scopes", json(edit.scopes));
    case "lifetime":
      return put(text, all, "exp", expression(edit.seconds));
    case "starts":
      return ["iat", "nbf"]
        .filter((name) => all.some((member) => member.name === name))
        .flatMap((name) => put(text, all, name, expression(-edit.secondsAgo)));
  }
}

/** The text with a claim set, or taken out. */
export function withClaim(text: string, name: string, value: unknown): string {
  const [edit] = value === undefined ? without(text, members(text), name) : put(text, members(text), name, json(value));
  return edit === undefined ? text : text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
}

function put(text: string, all: Member[], name: string, value: string): TextEdit[] {
  const there = all.find((member) => member.name === name);
  if (there !== undefined) return [{ from: there.valueFrom, to: there.valueTo, insert: value }];
  const last = all.at(-1);
  const member = `${JSON.stringify(name)}: ${value}`;
  if (last === undefined) return [{ from: 0, to: text.length, insert: `{\n  ${member}\n}` }];
  return [{ from: last.to, to: last.to, insert: `,\n  ${member}` }];
}

function without(text: string, all: Member[], name: string): TextEdit[] {
  const at = all.findIndex((member) => member.name === name);
  const member = all[at];
  if (member === undefined) return [];
  const before = all[at - 1];
  const after = all[at + 1];
  if (before !== undefined) return [{ from: before.to, to: member.to, insert: "" }];
  return [{ from: member.from, to: after?.from ?? member.to, insert: "" }];
}
