export interface Parameter {
  name: string;
  value: string;
}

/** The header parameters in the order they are signed; none while there is no header. */
export function parameters(header: string): Parameter[] {
  const members = parsed(header);
  return Object.entries(members).map(([name, value]) => ({ name, value: typeof value === "string" ? value : JSON.stringify(value) }));
}

/** The header as one would write it, to begin one's own with. */
export function written(header: string): string {
  return JSON.stringify(parsed(header), null, 2);
}

function parsed(header: string): object {
  try {
    const members: unknown = JSON.parse(header);
    return typeof members === "object" && members !== null ? members : {};
  } catch {
    return {};
  }
}
