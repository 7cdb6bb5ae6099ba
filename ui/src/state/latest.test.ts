import { expect, test } from "vitest";

import { Latest } from "./latest";

/** Questions that are answered by hand. */
function asker() {
  const asked: { question: string; answer: (text: string) => void; fail: () => void }[] = [];
  const answered: string[] = [];
  const failed: string[] = [];
  const latest = new Latest<string, string>(
    (question) => new Promise((answer, fail) => asked.push({ question, answer, fail: () => fail(new Error(question)) })),
    (answer) => answered.push(answer),
    (_, question) => failed.push(question),
  );
  return { latest, asked, answered, failed };
}

const settled = () => new Promise((done) => setTimeout(done));

test("asks one at a time, and of what was typed meanwhile only the last", async () => {
  const { latest, asked, answered } = asker();
  for (const question of ["a", "ab", "abc", "abcd"]) latest.put(question);
  expect(asked.map(({ question }) => question)).toEqual(["a"]);

  asked[0]?.answer("read a");
  await settled();
  expect(asked.map(({ question }) => question)).toEqual(["a", "abcd"]);

  asked[1]?.answer("read abcd");
  await settled();
  expect(answered).toEqual(["read a", "read abcd"]);
  expect(latest.busy).toBe(false);
});

test("goes on after a question that failed", async () => {
  const { latest, asked, answered, failed } = asker();
  latest.put("a");
  latest.put("b");
  asked[0]?.fail();
  await settled();
  asked[1]?.answer("read b");
  await settled();
  expect(failed).toEqual(["a"]);
  expect(answered).toEqual(["read b"]);
});

test("what was dropped is not asked", async () => {
  const { latest, asked } = asker();
  latest.put("a");
  latest.put("b");
  latest.drop();
  asked[0]?.answer("read a");
  await settled();
  expect(asked).toHaveLength(1);
});
