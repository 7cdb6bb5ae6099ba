/** Settings that are numbers. A text that is not a number stays in its field and is not saved. */

import { RANGES, type Settings } from "../../host/wire";

export type NumberSetting = keyof typeof RANGES;
export const NUMBERS = Object.keys(RANGES) as NumberSetting[];

/** The number that was typed, nothing being 0; none where it is not a whole number in range. */
export function read(setting: NumberSetting, text: string): number | null {
  if (!/^\s*\d{0,6}\s*$/.test(text)) return null;
  const value = Number(text);
  const [from, to] = RANGES[setting];
  return value >= from && value <= to ? value : null;
}

export function same(a: Settings, b: Settings): boolean {
  return (Object.keys(a) as (keyof Settings)[]).every((key) => a[key] === b[key]);
}

export const TEXT_SIZES = [75, 90, 100, 110, 125, 150, 175, 200];
