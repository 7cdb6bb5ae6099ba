import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { inspectionOf } from "../features/inspection/inspection.svelte";
import { FakeHost } from "../host/fake";
import type { TokenReading } from "../host/wire";
import { stumbles } from "../testing/door";
import { openView } from "../testing/view";
import Inspect from "./Inspect.svelte";

const b64 = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
const token = (claims: object, header: object = { alg: "ES512", typ: "JWT" }) => `${b64(header)}.${b64(claims)}.c2lnbmF0dXJl`;
const now = Math.floor(Date.now() / 1000);
const inTime = { iat: now - 60, nbf: now - 60, exp: now + 3_600 };

function paste(text: string, target: Element | Window = window) {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => text } });
  return fireEvent(target, event);
}
const judged = async (title: string | RegExp) => screen.findByRole("region", { name: title });

test("a paste anywhere is read: the token in its parts, what was around it, the three answers", async () => {
  const { container } = await openView(Inspect);
  await paste(`Authorization: Bearer ${token({ ...inTime, scopes: ["transactions.read"] })}`);

  expect(await screen.findByRole("heading", { name: /Valid for another/ })).toBeVisible();
  expect(screen.getByText(/Taken off the front: Authorization: Bearer/)).toBeVisible();
  expect(container.querySelectorAll(".tokbox > span")).toHaveLength(3);
  expect(await judged("Structure")).toHaveTextContent("sound");
  expect(await judged(/^Policy/)).toHaveTextContent("kept");
  expect(screen.getByRole("img", { name: /^Valid from .* now .* in time$/ })).toBeVisible();
  expect(await stumbles()).toEqual([]);
});

test("a signature that was not checked is never green", async () => {
  await openView(Inspect);
  await paste(token(inTime));

  const signature = await judged("Signature");
  expect(signature).toHaveTextContent("not checked");
  expect(signature).toHaveAttribute("data-verdict", "unknown");
  expect(signature.querySelector(".ok")).toBeNull();
  expect(document.querySelector(".verdict.good")).toBeNull();
});

test("a token that brings its own key is never green", async () => {
  await openView(Inspect);
  await paste(token(inTime, { alg: "ES256", jwk: { kty: "EC" } }));

  expect((await judged("Signature")).querySelector(".ok")).toBeNull();
  expect(await screen.findByText("The header brings its own key.")).toBeVisible();
});

test("locked, it works and says that the own keys are unknown; unlocked, they are tried", async () => {
  const host = new FakeHost();
  const window = await openView(Inspect, { host, locked: true });
  expect(screen.getByText(/your own keys are unknown here/)).toBeVisible();
  const kid = host.world.keys[0]?.kid;
  await paste(token(inTime, { alg: "ES512", kid }));
  expect(await judged("Signature")).toHaveTextContent("not checked");
  expect(screen.queryByRole("button", { name: "Open in Build" })).toBeNull();
  expect(await stumbles()).toEqual([]);

  await window.desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  await waitFor(async () => expect(await judged("Signature")).toHaveTextContent("good"));
  expect(screen.queryByText(/your own keys are unknown here/)).toBeNull();
});

test("verifies with a pasted key, takes no private one, forgets it on demand", async () => {
  const { user, host } = await openView(Inspect);
  await paste(token(inTime));
  await user.click(await screen.findByRole("button", { name: "Verify with…" }));
  const field = screen.getByLabelText("Public key, key set or shared secret");

  await fireEvent.input(field, { target: { value: "-----BEGIN EC PRIVATE KEY-----\nMHc" } });
  expect(screen.getByRole("alert")).toHaveTextContent("That was a private key");
  expect(field).toHaveValue("");
  expect(screen.getByRole("button", { name: "Verify" })).toBeDisabled();

  await fireEvent.input(field, { target: { value: "-----BEGIN PUBLIC KEY-----" } });
  await user.click(screen.getByRole("button", { name: "Verify" }));
  await waitFor(() => expect(host.asked("token_inspect").at(-1)?.with.keyText).toBe("-----BEGIN PUBLIC KEY-----"));
  expect(await screen.findByText(/^Judged with your own keys and the key you pasted at \d\d:\d\d\.$/)).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "Forget it" }));
  await waitFor(() => expect(host.asked("token_inspect").at(-1)?.with.keyText).toBeNull());
});

test("a pasted key set judges the tokens that it could have signed, and is let go with the first that it could not", async () => {
  const { desk, host } = await openView(Inspect);
  const inspection = inspectionOf(desk.host);
  const theirs = { alg: "RS256", kid: "theirs" };
  await paste(token(inTime, theirs));
  await judged("Signature");
  await inspection.verifyWith('{"keys":[{"kty":"RSA","kid":"theirs"}]}');
  expect(await screen.findByText(/^Judged with your own keys and the JWKS you pasted at/)).toBeVisible();
  await paste(token({ ...inTime, iss: "again" }, theirs));
  await waitFor(() => expect(inspection.reading?.payloadText).toContain("again"));
  expect(screen.getByText(/^Judged with your own keys and the JWKS you pasted at/)).toBeVisible();

  // An own token, made a minute ago: a key of another kind says nothing about it.
  await paste(token(inTime, { alg: "ES512", kid: host.world.keys[0]?.kid }));
  expect(await screen.findByText(/^Judged without the JWKS you pasted at \d\d:\d\d: by its kid or type/)).toBeVisible();
  expect(await judged("Signature")).toHaveTextContent("good");
  expect(host.asked("token_inspect").at(-1)?.with.keyText).toBeNull();
  expect(await stumbles()).toEqual([]);

  await paste(token({ iss: "the next" }, theirs));
  await waitFor(() => expect(screen.queryByText(/^Judged with/)).toBeNull());
});

test("what was pasted and is not a key has judged nothing, and can be let go", async () => {
  const { desk, host, user } = await openView(Inspect);
  await paste(token(inTime));
  await judged("Signature");
  const reading = inspectionOf(desk.host).reading as TokenReading;
  host.answer("token_inspect", ({ with: { keyText } }) =>
    keyText === null ? reading : Promise.reject({ code: "malformed", message: "this is not a key of any form" }),
  );
  await inspectionOf(desk.host).verifyWith("nonsense");
  expect(await screen.findByRole("alert")).toHaveTextContent("This is not a key of any form.");
  expect(screen.getByText(/^Not judged with the key you pasted at/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Forget it" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(screen.queryByText(/you pasted at/)).toBeNull();
});

test("a pasted key is heard of for the token it was pasted for, also where it cannot fit", async () => {
  const { desk } = await openView(Inspect);
  const inspection = inspectionOf(desk.host);
  await paste(token(inTime, { alg: "ES512", kid: "a" }));
  await judged("Signature");
  await inspection.verifyWith('{"kty":"RSA","kid":"b"}');
  expect(await screen.findByText(/^Judged with your own keys and the key you pasted at/)).toBeVisible();

  // A token that comes by itself is judged with it as well, or lets it go.
  desk.handedReading = await desk.host.call("token_inspect", { text: token({ iss: "dropped" }), with: { keyText: null, provider: null } });
  expect(await screen.findByText("dropped")).toBeVisible();
  expect(await screen.findByText(/^Judged without the key you pasted at/)).toBeVisible();
});

test.each([
  ["pasted", (text: string, field: HTMLElement) => paste(text, field)],
  ["typed or dropped into the field", (text: string, field: HTMLElement) => fireEvent.input(field, { target: { value: text } })],
])("a private key that was %s leaves the page unread", async (_, give) => {
  const { user, host, route } = await openView(Inspect);
  const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Pasted text" });
  await give('{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7","d":"nWGxne_9WmC6hEr0"}', field());

  expect(await screen.findByRole("heading", { name: "That was a private key." })).toBeVisible();
  expect(document.documentElement.outerHTML).not.toContain("nWGxne_9WmC6hEr0");
  expect(field()).toHaveValue("");
  expect(field()).toHaveFocus();
  expect(host.asked("token_inspect")).toEqual([]);
  expect(await stumbles()).toEqual([]);

  // The next text takes the word about it away.
  await paste(token(inTime), field());
  await judged("Structure");
  expect(screen.queryByText("That was a private key.")).toBeNull();

  await paste("-----BEGIN EC PRIVATE KEY-----");
  await user.click(await screen.findByRole("button", { name: "Go to Keys" }));
  expect(route.screen).toBe("keys");
});

test("opens its claims in Build, copies its JSON through the program", async () => {
  const { user, host, route } = await openView(Inspect);
  await paste(token({ iss: "me" }));

  await user.click(await screen.findByRole("button", { name: "Copy JSON: Payload" }));
  expect(host.asked("clipboard_copy")).toEqual([{ text: '{\n  "iss": "me"\n}', what: "plain" }]);
  await user.click(screen.getByRole("button", { name: "Open in Build" }));
  expect([route.screen, JSON.parse(route.params["claims"] ?? "")]).toEqual(["build", { iss: "me" }]);
});

test("shows both of a near miss", async () => {
  const { user, host } = await openView(Inspect);
  const kid = host.world.keys[0]?.kid as string;
  await paste(token(inTime, { alg: "ES512", kid: `${kid.slice(0, 8)}another` }));
  await user.click(await screen.findByRole("button", { name: "Show both" }));
  expect(screen.getByText(kid)).toBeVisible();
});

test("megabytes put little into the page, and it says how much is not shown and not read", async () => {
  const { host } = await openView(Inspect);
  await paste(`Bearer ${b64({ alg: "none" })}.${b64({ pad: "x".repeat(700_000) })}.`);

  const box = await screen.findByRole("group", { name: "The token" });
  expect(box).toHaveTextContent(/… \d{3},\d{3} more characters/);
  expect(document.body.innerHTML.length).toBeLessThan(200_000);

  await paste("no token ".repeat(1_200_000));
  expect(await screen.findByText("Only the first 1,000,000 of 10,800,000 characters were read.")).toBeVisible();
  expect(host.asked("token_inspect").at(-1)?.text).toHaveLength(1_000_000);
  expect(await screen.findByRole("heading", { name: "There is no token in this text." })).toBeVisible();
  expect(document.body.innerHTML.length).toBeLessThan(200_000);
  expect(await stumbles()).toEqual([]);
});

test("markup in a token stays text", async () => {
  await openView(Inspect);
  await paste(token({ "<img src=x onerror=boom()>": "</td><script>boom()</script>", __proto__x: 1 }, { alg: "<b>" }));
  await screen.findByRole("table", { name: "Payload" });
  expect(within(screen.getByRole("table", { name: "Payload" })).getByText("</td><script>boom()</script>")).toBeVisible();
  expect(document.querySelector("main img, main script, main table b")).toBeNull();
});

test("a paste into another field is left alone, a token that was dropped is shown", async () => {
  const { desk, host } = await openView(Inspect);
  const other = document.body.appendChild(document.createElement("input"));
  await paste(token(inTime), other);
  expect(host.asked("token_inspect")).toEqual([]);
  other.remove();

  desk.handedReading = await host.call("token_inspect", { text: token({ iss: "dropped" }), with: { keyText: null, provider: null } });
  expect(await screen.findByText("dropped")).toBeVisible();
  expect(desk.handedReading).toBeNull();
});
