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
const AROUND = 10;

export function visible({ rows, rowHeight, top, height }: Scrolled): Drawn {
  const most = Math.ceil(height / rowHeight) + 2 * AROUND;
  const from = Math.max(0, Math.min(Math.floor(top / rowHeight) - AROUND, rows - most));
  return { from, to: Math.min(rows, from + most) };
}
