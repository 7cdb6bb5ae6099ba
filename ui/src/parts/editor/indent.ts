/** JSON on lines of its own, character for character: numbers keep their digits and members are not merged. */
export function indented(json: string): string {
  let made = "";
  let depth = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at] as string;
    if (sign === '"') {
      const end = stringEnd(json, at);
      made += json.slice(at, end);
      at = end - 1;
    } else if (sign === "{" || sign === "[") {
      const close = /\S/.exec(json.slice(at + 1));
      if (close !== null && (close[0] === "}" || close[0] === "]")) {
        made += sign + close[0];
        at += close.index + 1;
      } else {
        depth += 1;
        made += sign + newLine();
      }
    } else if (sign === "}" || sign === "]") {
      depth = Math.max(0, depth - 1);
      made += newLine() + sign;
    } else if (sign === ",") made += sign + newLine();
    else if (sign === ":") made += ": ";
    else if (!/\s/.test(sign)) made += sign;
  }
  return made;
}

function stringEnd(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at++) {
    if (json[at] === "\\") at += 1;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}

/** Whether a text is JSON: only then may it be laid out again. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
