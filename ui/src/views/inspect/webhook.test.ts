import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import { fourProviders } from "../../host/fake/data";
import { CHOSEN, delivery } from "../../host/fake/webhooks";
import { stumbles } from "../../testing/door";
import { openView } from "../../testing/view";
import Inspect from "../Inspect.svelte";

/** CryptoPay's Sandbox has a sealed webhook secret. */
const host = () => new FakeHost(fourProviders());

async function bench(given: { host?: FakeHost; locked?: boolean } = {}) {
  const window = await openView(Inspect, { host: given.host ?? host(), locked: given.locked ?? false });
  await window.user.click(screen.getByRole("tab", { name: "Webhook" }));
  return window;
}
const headers = () => screen.getByRole("textbox", { name: "Header fields" });
const body = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Raw body" });
const input = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });

test("a delivery is judged as it is typed: the sentence, the steps, what nearly matches", async () => {
  const { host } = await bench();
  expect(screen.getByLabelText(/^Webhooks of/)).toHaveTextContent("Acme · CryptoPay, Sandbox");
  await input(headers(), "X-Webhook-Signature: good");
  await input(body(), "{}");
  expect(await screen.findByRole("heading", { name: "The signature is good." })).toBeVisible();
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent.trim().split(/\s+/)[0])).toEqual([
    "Present",
    "Form",
    "Signed",
    "Secret",
    "Signature",
  ]);
  expect(host.asked("webhook_check").at(-1)).toEqual({
    whose: { with: "sealed", place: { profile: "Acme · CryptoPay", environment: "sandbox" } },
    body: { from: "typed", text: "{}" },
    headers: "X-Webhook-Signature: good",
    url: "",
    at: "",
    tolerance: "",
  });
  expect(await stumbles()).toEqual([]);

  await input(headers(), "X-Webhook-Signature: other");
  const verdict = await screen.findByRole("alert");
  expect(verdict).toHaveTextContent("It signs other bytes, or with another secret.");
  expect(screen.getByRole("region", { name: "Near misses" })).toHaveTextContent("if the body had no line break at its end");
  expect(await stumbles()).toEqual([]);
});

test("a pasted body keeps its CR LF, and a file is judged by its bytes in the program", async () => {
  const { user, host } = await bench();
  await input(headers(), "X-Webhook-Signature: good");
  const paste = new Event("paste", { bubbles: true, cancelable: true });
  Object.assign(paste, { clipboardData: { getData: () => "{}\r\n" } });
  await fireEvent(body(), paste);
  await waitFor(() => expect(host.asked("webhook_check").at(-1)?.body).toEqual({ from: "typed", text: "{}\r\n" }));
  expect(await screen.findByText(/line break \(CRLF\) at the end/)).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Choose file…" }));
  expect(await screen.findByText("The bytes of delivery.json")).toBeVisible();
  expect(screen.getByText(CHOSEN.words)).toBeVisible();
  await waitFor(() => expect(host.asked("webhook_check").at(-1)?.body).toEqual({ from: "file", file: CHOSEN.number }));
});

test("the clock and the tolerance are the person's, and what cannot be read is named", async () => {
  const { user, host } = await bench();
  await input(headers(), "X-Webhook-Signature: good");
  await user.type(screen.getByLabelText("Judge as of"), "1744018920");
  await user.type(screen.getByLabelText("Tolerance"), "soon");
  expect(await screen.findByText(/the tolerance is "soon"/i)).toBeVisible();
  await user.clear(screen.getByLabelText("Tolerance"));
  await screen.findByRole("heading", { name: "The signature is good." });
  expect(host.asked("webhook_check").at(-1)).toMatchObject({ at: "1744018920", tolerance: "" });
});

test("locked, a typed secret works: it goes to the program and is nowhere in the page", async () => {
  const SECRET = "orchid-tundra-biscuit";
  const { user, host, container } = await bench({ locked: true });
  const field = screen.getByLabelText<HTMLInputElement>("Webhook secret");
  expect(field).toHaveAttribute("type", "password");
  await user.type(field, SECRET);
  await user.click(screen.getByRole("button", { name: "Use it" }));
  expect(await screen.findByText(/The program holds a secret of 21 characters/)).toBeVisible();
  expect(container.innerHTML).not.toContain(SECRET);
  expect(host.asked("webhook_hold")).toEqual([{ secret: SECRET }]);

  await input(headers(), "X-Webhook-Signature: good");
  await screen.findByRole("heading", { name: "The signature is good." });
  expect(host.asked("webhook_check").at(-1)?.whose).toEqual({ with: "held", provider: "gr4vy", held: 1 });
  expect(await stumbles()).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Forget it" }));
  expect(screen.getByLabelText("Webhook secret")).toHaveValue("");
  expect(host.asked("webhook_drop")).toHaveLength(1);
  expect(screen.queryByRole("heading", { name: "The signature is good." })).toBeNull();
});

test("a check gives code for a handler, and shows where the signatures part", async () => {
  const { user, host } = await bench();
  await input(headers(), "X-Webhook-Signature: anew");
  await input(body(), "{}");
  const verdict = await screen.findByRole("alert");
  const both = screen.getByRole("region", { name: "Given and computed" });
  expect(both).toHaveTextContent("first difference at character 3");
  expect([...both.querySelectorAll("mark")].map(({ textContent }) => textContent)).toEqual(["f", "a"]);
  await user.click(within(verdict).getByRole("button", { name: "Compare byte by byte" }));
  expect(screen.getByRole("heading", { name: "Given and computed" })).toHaveFocus();

  const bytes = screen.getByRole("region", { name: "Signed bytes" });
  expect(bytes.querySelector("pre")).toHaveTextContent("{}");
  await user.click(within(bytes).getByRole("radio", { name: "Hex" }));
  expect(bytes.querySelector("pre")?.textContent).toMatch(/^000000 7b 7d {44}\{\}\n$/);

  const code = screen.getByRole("region", { name: "Check it in your handler" });
  await waitFor(() => expect(code).toHaveTextContent("// node, written anew"));
  expect(code).toHaveTextContent("JSON.stringify");
  await user.click(within(code).getByRole("radio", { name: "Python" }));
  await waitFor(() => expect(code).toHaveTextContent("// python, written anew"));
  await user.click(within(verdict).getByRole("button", { name: "Copy the fix" }));
  expect(host.asked("clipboard_copy")).toEqual([
    { text: "// python, written anew\nprocess.env.CRYPTOPAY_SANDBOX_WEBHOOK_SECRET\n", what: "plain" },
  ]);
  expect(await stumbles()).toEqual([]);

  // What is good needs no mending, and the code is there all the same.
  await input(headers(), "X-Webhook-Signature: good");
  await screen.findByRole("heading", { name: "The signature is good." });
  expect(screen.queryByRole("button", { name: "Copy the fix" })).toBeNull();
  expect(screen.queryByRole("region", { name: "Given and computed" })).toBeNull();
  await waitFor(() => expect(screen.getByRole("region", { name: "Check it in your handler" })).toHaveTextContent("// python process.env"));
});

test("makes one: header fields to copy through the program", async () => {
  const { user, host } = await bench();
  await user.click(screen.getByRole("radio", { name: "Make one" }));
  await input(body(), '{"a":1}');
  await user.click(screen.getByRole("button", { name: "Sign it" }));
  await user.click(await screen.findByRole("button", { name: "Copy the header fields" }));
  expect(host.asked("clipboard_copy")).toEqual([{ text: "X-Webhook-Signature: good\n", what: "plain" }]);
  expect(host.asked("webhook_sign")).toMatchObject([{ body: { from: "typed", text: '{"a":1}' }, at: "" }]);
  expect(await stumbles()).toEqual([]);
});

test("listens: what comes is shown at once, looked at, and put onto the bench", async () => {
  const { user, host } = await bench();
  await user.click(screen.getByRole("radio", { name: "Listen" }));
  await user.type(screen.getByLabelText("Port"), "99999");
  expect(screen.getByText(/A number from 1 to 65535/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Start listening" })).toBeDisabled();
  await user.clear(screen.getByLabelText("Port"));
  await user.click(screen.getByRole("button", { name: "Start listening" }));
  expect(await screen.findByText("http://127.0.0.1:41234")).toBeVisible();
  expect(host.asked("webhook_listen")).toMatchObject([{ port: 0, answer: null, tolerance: "" }]);

  host.emit({ type: "delivered", delivery: delivery(1, "good") });
  host.emit({ type: "delivered", delivery: delivery(2, "bad", { repeats: 1 }) });
  const list = screen.getByRole("region", { name: "Deliveries" });
  await waitFor(() => expect(within(list).getAllByRole("button")).toHaveLength(2));
  const [newest, oldest] = within(list).getAllByRole("button") as [HTMLElement, HTMLElement];
  expect(newest).toHaveTextContent(/bad.*answered 401.*sent again: it has the id of delivery 1/);
  await user.click(oldest);
  expect(await screen.findByRole("heading", { name: "The signature is good." })).toBeVisible();
  expect(await screen.findByText('{"came":true}')).toBeVisible();
  expect(await stumbles()).toEqual([]);

  await user.click(screen.getByRole("button", { name: "Check it again" }));
  await waitFor(() =>
    expect(host.asked("webhook_check").at(-1)).toMatchObject({
      body: { from: "delivery", number: 1 },
      headers: "x-webhook-signature: good\n",
    }),
  );
  await user.click(screen.getByRole("radio", { name: "Listen" }));
  await user.click(screen.getByRole("button", { name: "Stop listening" }));
  expect(await screen.findByText(/Nothing listens/)).toBeVisible();
});

test("on this computer the emulator can send one", async () => {
  const given = fourProviders();
  const profiles = given.profiles.map((one) =>
    one.name === "Acme · CryptoPay" ? { ...one, others: { local: { webhook_secret: "shop-webhook" } } } : one,
  );
  const { user, host } = await bench({ host: new FakeHost({ ...given, profiles }) });
  await user.click(screen.getByRole("radio", { name: "Listen" }));
  await user.click(screen.getByRole("button", { name: "Start listening" }));
  await user.click(await screen.findByRole("button", { name: "Let the emulator send one" }));
  expect(await screen.findByText(/answered 200/)).toBeVisible();
  expect(host.asked("emulator_deliver")).toEqual([{ profile: "Acme · CryptoPay", environment: "local" }]);
});

test("a hundred deliveries are kept, and the lock takes all of it away", async () => {
  const { user, host } = await bench();
  await input(body(), "{}");
  await user.click(screen.getByRole("radio", { name: "Listen" }));
  await user.click(screen.getByRole("button", { name: "Start listening" }));
  await screen.findByText("http://127.0.0.1:41234");
  for (let number = 1; number <= 150; number += 1) host.emit({ type: "delivered", delivery: delivery(number, "good") });
  const list = screen.getByRole("region", { name: "Deliveries" });
  await waitFor(() => expect(within(list).getAllByRole("button")).toHaveLength(100));

  host.emit({ type: "locked", why: "asked", at: 0 });
  await waitFor(() => expect(within(list).queryAllByRole("button")).toHaveLength(0));
  await user.click(screen.getByRole("radio", { name: "Check one" }));
  expect(body()).toHaveValue("");
});

test("a port that cannot be had is said where it was asked for", async () => {
  const { user } = await bench();
  await user.click(screen.getByRole("radio", { name: "Listen" }));
  await user.type(screen.getByLabelText("Port"), "80");
  await user.click(screen.getByRole("button", { name: "Start listening" }));
  expect(await screen.findByText(/permission denied/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Start listening" })).toBeEnabled();
});

test("a token that comes by itself is shown on its own tab; arrows move between the tabs", async () => {
  const { user, desk, host } = await bench();
  const reading = await host.call("token_inspect", { text: "eyJhIjoxfQ.eyJiIjoxfQ.c2ln", with: { keyText: null, provider: null } });
  desk.handedReading = reading;
  expect(await screen.findByRole("heading", { name: "Inspect a token" })).toBeVisible();
  const token = screen.getByRole("tab", { name: "Token" });
  expect(token).toHaveAttribute("aria-selected", "true");
  token.focus();
  await user.keyboard("{ArrowRight}");
  expect(screen.getByRole("tab", { name: "Webhook" })).toHaveFocus();
  expect(screen.getByRole("heading", { name: "Webhooks" })).toBeVisible();
});
