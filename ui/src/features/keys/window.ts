/** Which rows of a long list are drawn. All are of one height, so that no measuring is needed. */

export interface Scrolled {
  rows: number;
  rowHeight: number;
  top: number;
  height: number;
}
export interface Drawn {
  from: number;
  to: number;
}

/** Rows drawn above and below what is in sight, so that a quick scroll shows no gap. */
const AROUND = 6;

export function visible({ rows, rowHeight, top, height }: Scrolled): Drawn {
  const most = Math.ceil(height / rowHeight) + 2 * AROUND;
  const from = Math.max(0, Math.min(Math.floor(top / rowHeight) - AROUND, rows - most));
  return { from, to: Math.min(rows, from + most) };
}

/** The numbers of the drawn rows, each in the same slot for as long as it is drawn: only those that left are replaced. */
export function slots({ from, to }: Drawn): number[] {
  const count = to - from;
  return Array.from({ length: count }, (_, slot) => from + ((slot - (from % count) + count) % count));
}
