// A verifier with jose over a key set that a plain HTTP server holds, asked over standard input: one JSON question a line, one JSON
// answer a line. Its clock stands still until it is told what time it is, so that a cache of minutes is tried in a moment.
// Started with the milliseconds for which jose keeps the set, those for which it does not ask again, and the address of the set where
// that is another server's.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { createRemoteJWKSet, jwtVerify } from "jose";

const [cacheMaxAge, cooldownDuration, elsewhere] = process.argv.slice(2);

let clock = 0;
let served = { keys: [] };
let fetched = 0;
const server = createServer((_, answer) => {
  fetched += 1;
  answer.setHeader("Content-Type", "application/jwk-set+json");
  answer.end(JSON.stringify(served));
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const address = elsewhere ?? `http://127.0.0.1:${server.address().port}/jwks.json`;
const keySet = createRemoteJWKSet(new URL(address), {
  cacheMaxAge: Number(cacheMaxAge),
  cooldownDuration: Number(cooldownDuration),
});
// jose asks this clock how old its copy is.
Date.now = () => clock;

const acts = {
  // Whoever edits the set.
  publish: ({ keys }) => {
    served = { keys };
  },
  // What becomes of each token at this time, in seconds: "accepted", or the code of the refusal.
  verify: async ({ at, tokens }) => {
    clock = at * 1000;
    const verdicts = [];
    for (const token of tokens) {
      try {
        await jwtVerify(token, keySet, { currentDate: new Date(clock) });
        verdicts.push("accepted");
      } catch (error) {
        verdicts.push(error.code ?? error.message);
      }
    }
    return { verdicts, fetched };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...question } = JSON.parse(line);
  console.log(JSON.stringify((await acts[act](question)) ?? {}));
}
server.close();
server.closeAllConnections();
