/** What of a long text is drawn: a page with megabytes in it stands still. */

export interface Clipped {
  shown: string;
  /** How many characters are not shown. */
  more: number;
}

export function clip(text: string, most: number): Clipped {
  if (text.length <= most) return { shown: text, more: 0 };
  // Not through the middle of a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return { shown: text.slice(0, end), more: text.length - end };
}

/** The parts of a token, clipped so that together they are `most` at the most, each with a share. */
export function clipParts<K extends string>(parts: Record<K, string>, most: number): Record<K, Clipped> {
  const share = Math.floor(most / Object.keys(parts).length);
  const clipped = {} as Record<K, Clipped>;
  for (const part of Object.keys(parts) as K[]) clipped[part] = clip(parts[part], share);
  return clipped;
}
