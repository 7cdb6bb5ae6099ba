/** The picker's scopes in the order in which the arrows walk through them. */
import type { ScopePicker } from "../../host/wire";

export interface Choice {
  value: string;
  title: string;
  /** What the toggle shows: "read" in a resource's row, the whole value elsewhere. */
  label: string;
}
export interface Row {
  /** None for scopes that stand alone. */
  resource: string | null;
  assumed: boolean;
  choices: Choice[];
}
export interface Group {
  title: string;
  rows: Row[];
}

/** What has the words of the filter in its value or in what it means. The wide ones come first. */
export function filtered(picker: ScopePicker, filter: string, wideTitle: string): Group[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts: string[]) => words.every((word) => texts.some((text) => text.toLowerCase().includes(word)));
  const wide = picker.wide.filter(({ value, title }) => fits(value, title)).map(({ value, title }) => ({ value, title, label: value }));
  const groups: Group[] = wide.length > 0 ? [{ title: wideTitle, rows: [{ resource: null, assumed: false, choices: wide }] }] : [];
  for (const group of picker.groups) {
    const rows = group.rows
      .map((row) => ({
        resource: row.resource,
        assumed: row.assumed,
        choices: row.actions
          .filter(({ value, title }) => fits(value, title, group.title))
          .map(({ action, value, title }) => ({ value, title, label: action })),
      }))
      .filter(({ choices }) => choices.length > 0);
    if (rows.length > 0) groups.push({ title: group.title, rows });
  }
  return groups;
}

export function rowsOf(groups: Group[]): Row[] {
  return groups.flatMap(({ rows }) => rows);
}

type Step = "up" | "down" | "left" | "right";

/** Where an arrow leads from a choice; from none, to the first. */
export function step(groups: Group[], from: string | null, way: Step): string | null {
  const rows = rowsOf(groups);
  const at = rows.findIndex(({ choices }) => choices.some(({ value }) => value === from));
  if (at === -1) return rows[0]?.choices[0]?.value ?? null;
  const row = (rows[at] as Row).choices;
  const column = row.findIndex(({ value }) => value === from);
  if (way === "left" || way === "right") return (row[column + (way === "left" ? -1 : 1)] ?? row[column])?.value ?? null;
  const next = rows[at + (way === "up" ? -1 : 1)]?.choices;
  if (next === undefined) return from;
  const sameAction = next.find(({ label }) => label === row[column]?.label);
  return (sameAction ?? next[Math.min(column, next.length - 1)])?.value ?? null;
}

/** The scopes with one more or one less; the order is that of choosing. */
export function toggled(selected: string[], value: string): string[] {
  return selected.includes(value) ? selected.filter((other) => other !== value) : [...selected, value];
}

/** What was typed as a scope of its own: it could be one, and it is not the beginning of one that is known. */
export function freeScope(picker: ScopePicker, filter: string): string | null {
  const typed = filter.trim();
  if (!picker.free || !/^[\x21\x23-\x5b\x5d-\x7e]{2,}$/.test(typed)) return null;
  const known = [
    ...picker.wide.map(({ value }) => value),
    ...picker.groups.flatMap(({ rows }) => rows.flatMap(({ actions }) => actions.map(({ value }) => value))),
  ];
  return known.some((value) => value.startsWith(typed)) || picker.selected.includes(typed) ? null : typed;
}
