import { expect, test } from "vitest";

import { cryptopay, gr4vy, hedge, partner } from "../../host/fake/data";
import type { KeyKind } from "../../host/wire";
import { saying } from "./saying";

const key = (kind: KeyKind) => ({ kind });
const said = (...issued: Parameters<typeof saying>) => Object.values(saying(...issued)).join(" … ");

test("where tokens are signed here, one signs with a key or a secret", () => {
  expect(said({ provider: gr4vy, key: key("private-key"), reading: { authentication: "signed-token", issued: null } })).toBe(
    "Sign as … with",
  );
  expect(said({ provider: partner, key: key("shared-secret"), reading: null })).toBe("Sign as … with");
  expect(said({ provider: null, key: null, reading: null })).toBe("Sign as … with");
});

test("with an account one logs in, and then is", () => {
  const stand = { provider: cryptopay, key: key("login") };
  expect(said({ ...stand, reading: null })).toBe("Log in as … with account");
  expect(said({ ...stand, reading: { authentication: "issued-token", issued: null } })).toBe("Log in as … with account");
  expect(said({ ...stand, reading: { authentication: "issued-token", issued: { access: false } } })).toBe("Log in as … with account");
  expect(said({ ...stand, reading: { authentication: "issued-token", issued: { access: true } } })).toBe("Logged in as … with account");
});

test("with an API key one calls, or mints what calls carry", () => {
  const stand = { provider: hedge, key: key("api-key") };
  expect(said({ ...stand, reading: null })).toBe("Call as … with API key");
  expect(said({ ...stand, reading: { authentication: "key", issued: null } })).toBe("Call as … with API key");
  expect(said({ ...stand, reading: { authentication: "issued-token", issued: null } })).toBe("Mint as … with API key");
  expect(said({ provider: hedge, key: key("client"), reading: null })).toBe("Get a token as … with client");
});

test("without a credential it says what one would do with the usual", () => {
  expect(said({ provider: cryptopay, key: null, reading: { authentication: "nothing", issued: null } })).toBe("Log in as … with");
  expect(said({ provider: hedge, key: null, reading: null })).toBe("Call as … with");
});
