/** Names that are suggested. */

/** A free name: "acme-sandbox-2026-11", and "…-2" if there is one. */
export function suggestName(words: string[], now: Date, taken: ReadonlySet<string>): string {
  const month = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}`;
  const plain = words
    .flatMap(
      (word) =>
        word
          .normalize("NFKD")
          .toLowerCase()
          .match(/[a-z0-9]+/g) ?? [],
    )
    .filter((word, i, all) => all.indexOf(word) === i)
    .slice(0, 3);
  const base = [...(plain.length > 0 ? plain : ["key"]), month].join("-");
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
  return name;
}
