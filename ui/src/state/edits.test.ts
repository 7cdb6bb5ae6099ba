import { expect, test } from "vitest";

import { withEdits } from "./edits";

test("places are those of the text before all edits, in any order", () => {
  const edits = [
    { from: 4, to: 5, insert: "X" },
    { from: 0, to: 1, insert: "longer" },
    { from: 2, to: 2, insert: "|" },
  ];
  expect(withEdits("abcdef", edits)).toBe("longerb|cdXf");
});
