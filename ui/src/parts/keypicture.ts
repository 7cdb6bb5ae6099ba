/** A key's thumbprint as the cuts of a physical key, to be recognised at a glance. Recognition, never proof. */

/** What is drawn, in a box of 256 × 64. */
export interface KeyShape {
  /** The bow and the hole in it, one path, filled by even and odd. */
  bow: string;
  /** The blade with its cuts. */
  blade: string;
  /** Grooves milled along the blade. */
  grooves: string[];
  /** How deep each cut is, 0 to 7; what a locksmith would write down. */
  cuts: number[];
}

const CUTS = 14;
const TOP = 22;
const BOTTOM = 47;

const circle = (x: number, y: number, r: number) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

const bows = [
  circle(32, 32, 28),
  // A hexagon with soft corners.
  "M19 7h26q4 0 6 4l9 17q2 4 0 8l-9 17q-2 4-6 4H19q-4 0-6-4L4 36q-2-4 0-8l9-17q2-4 6-4z",
  // A square with round corners.
  "M16 5h32q12 0 12 12v30q0 12-12 12H16Q4 59 4 47V17Q4 5 16 5z",
  // Three lobes.
  "M25 24a15 15 0 1 1 18-7q5-2 11 0a15 15 0 0 1 6 15a15 15 0 0 1-6 15q-6 2-11 0a15 15 0 1 1-18-7a15 15 0 1 1 0-16z",
];

const holes = [
  circle(21, 32, 9),
  "M19 20q6 0 6 6v12q0 6-6 6t-6-6V26q0-6 6-6z",
  circle(20, 23, 5) + circle(20, 41, 5),
  "M20 21l11 11-11 11L9 32z",
];

const tips = ["L251 31L243 43", "L247 22L252 34L243 38", "L246 28L246 40", "L253 34L246 36"];

const grooveSets = [["M66 27.5H236"], ["M66 26H236", "M66 30H150"], ["M66 27.5H146", "M158 27.5H236"], ["M66 26H190", "M96 30H236"]];

/** The shape for an RFC 7638 thumbprint; none where there is no such thing, as for a shared secret. */
export function keyShape(thumbprint: string | null): KeyShape | null {
  const bytes = thumbprint === null ? null : bytesOf(thumbprint);
  if (bytes === null || bytes.length !== 32) return null;

  // Each bit of the thumbprint has a part in the picture: the halves are folded onto each other, one turned.
  const folded = Array.from({ length: 16 }, (_, i) => (bytes[i] ?? 0) ^ turned(bytes[31 - i] ?? 0));
  const style = (folded[14] ?? 0) ^ turned(folded[15] ?? 0);

  const cuts: number[] = [];
  const outline: string[] = [];
  for (let i = 0; i < CUTS; i += 1) {
    const byte = folded[i] ?? 0;
    const depth = byte >> 5;
    const flat = 3 + ((byte >> 3) & 3) * 1.25;
    const centre = 80 + i * 11.6 + ((byte & 7) - 3.5) * 0.35;
    const y = BOTTOM - 1 - depth * 2;
    cuts.push(depth);
    outline.unshift(`L${round(centre + flat / 2)} ${y}L${round(centre - flat / 2)} ${y}`);
  }

  const pick = <T>(from: T[], shift: number) => from[(style >> shift) & 3] as T;
  return {
    bow: pick(bows, 6) + pick(holes, 4),
    blade: `M54 ${TOP}H241${pick(tips, 2)}${outline.join("")}L71 ${BOTTOM}H54z`,
    grooves: pick(grooveSets, 0),
    cuts,
  };
}

function turned(byte: number): number {
  return ((byte << 3) | (byte >> 5)) & 0xff;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function bytesOf(base64url: string): number[] | null {
  if (!/^[A-Za-z0-9_-]+$/.test(base64url)) return null;
  try {
    return [...atob(base64url.replaceAll("-", "+").replaceAll("_", "/"))].map((c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}
