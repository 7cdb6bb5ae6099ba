// The Partner API as one would write it with express and express-jwt, its clock as far ahead as the first argument says.
// Started by conftest.py with the seconds and the file of the secret; it stops when its standard input ends.

import { readFileSync } from "node:fs";
import express from "express";
import { expressjwt } from "express-jwt";

const ahead = Number(process.argv[2]);
const secret = readFileSync(process.argv[3]);
const now = () => Math.floor(Date.now() / 1000) + ahead;
const app = express();

app.use((_, answer, next) => {
  answer.set("Date", new Date(now() * 1000).toUTCString());
  next();
});
app.use((request, answer, next) => expressjwt({ secret, algorithms: ["HS256"], clockTimestamp: now() })(request, answer, next));
app.get("/portfolio", (request, answer) => answer.json({ clientId: request.auth.clientId }));
app.use((error, _request, answer, _next) => answer.status(error.status ?? 500).json({ message: error.message }));

const listening = app.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ address: `http://127.0.0.1:${listening.address().port}` }));
});
process.stdin.resume().on("end", () => process.exit(0));
