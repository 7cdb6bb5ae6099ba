import { createHash } from "node:crypto";
import { expect, test } from "vitest";

import { keyShape, type KeyShape } from "./keypicture";

const thumbprint = (seed: string) => createHash("sha256").update(seed).digest("base64url");
const shape = (of: string) => keyShape(of) as KeyShape;
const drawn = (of: string) => JSON.stringify(shape(of));

test("the same thumbprint is the same picture", () => {
  expect(drawn(thumbprint("a"))).toBe(drawn(thumbprint("a")));
});

test("each bit of the thumbprint changes the picture", () => {
  const bytes = createHash("sha256").update("one").digest();
  const before = drawn(bytes.toString("base64url"));
  for (let bit = 0; bit < 256; bit += 1) {
    const other = Buffer.from(bytes);
    other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(drawn(other.toString("base64url")), `bit ${bit}`).not.toBe(before);
  }
});

test("two keys are told apart by looking: several cuts differ by a quarter of the blade or more", () => {
  const shapes = Array.from({ length: 60 }, (_, i) => shape(thumbprint(`key ${i}`)));
  for (let a = 0; a < shapes.length; a += 1) {
    for (let b = 0; b < a; b += 1) {
      const one = shapes[a] as KeyShape;
      const other = shapes[b] as KeyShape;
      const apart = one.cuts.filter((cut, i) => Math.abs(cut - (other.cuts[i] as number)) >= 2).length;
      expect(apart + (one.bow === other.bow ? 0 : 3)).toBeGreaterThanOrEqual(4);
    }
  }
});

test("every bow and every depth is used", () => {
  const shapes = Array.from({ length: 200 }, (_, i) => shape(thumbprint(`${i}`)));
  expect(new Set(shapes.map(({ bow }) => bow)).size).toBe(16);
  expect(new Set(shapes.flatMap(({ cuts }) => cuts)).size).toBe(8);
});

test.each([[null], [""], ["short"], ["ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgnd"], ["not base64url!"], ["<script>"]])(
  "a text that is not a thumbprint has no picture: %s",
  (text) => {
    expect(keyShape(text)).toBeNull();
  },
);
