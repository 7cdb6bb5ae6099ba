/** The webhook bench in memory: a signature is good where it is the word "good". */
import type {
  Finding,
  HeldBody,
  Verdict,
  WebhookBody,
  WebhookCheck,
  WebhookDelivery,
  WebhookReceiver,
  WebhookStep,
  WebhookWhose,
} from "../wire";
import { fail, now, type Area, type World } from "./world";

type Commands =
  | "webhook_hold"
  | "webhook_file"
  | "webhook_drop"
  | "webhook_check"
  | "webhook_sign"
  | "webhook_code"
  | "webhook_receiver"
  | "webhook_listen"
  | "webhook_stop"
  | "webhook_delivery";

/** What `webhook_file` chooses, as it would be without a person. */
export const CHOSEN: HeldBody = {
  number: 7,
  name: "delivery.json",
  words: "14 bytes, JSON (an object), a line break (CRLF) at the end",
  text: '{"a":"from a file"}\r\n',
  more: false,
  headers: null,
};

const finding = (code: string, severity: Finding["severity"], message: string, hint: string): Finding => ({
  code,
  severity,
  group: "webhook",
  message,
  hint,
  source: "",
});

export const webhooks: Area<Commands> = (world) => {
  let receiver: WebhookReceiver = { address: null, deliveries: [] };
  let held = 0;
  return {
    webhook_hold: ({ secret }) => {
      if (secret.trim() === "") fail("malformed", "the secret is empty", "paste it again");
      held += 1;
      return { held, words: `${secret.length} characters` };
    },
    webhook_file: () => CHOSEN,
    webhook_drop: () => null,
    webhook_check: ({ whose, body, headers, at, tolerance }) => {
      named(world, whose);
      if (at !== "" && Number.isNaN(Date.parse(at)) && !/^\d+$/.test(at))
        fail("malformed", `the time is "${at}"; wanted seconds since 1970 or RFC 3339, 2026-11-22T14:00:00Z`);
      if (tolerance !== "" && !/^\d+[smhd]$/.test(tolerance))
        fail("malformed", `the tolerance is "${tolerance}"; wanted a duration such as 30s, 5m or 2h`);
      return checked(names(world, whose), headers, typed(body));
    },
    webhook_sign: ({ whose, body }) => {
      named(world, whose);
      return { headers: [{ name: "X-Webhook-Signature", value: "good" }], body: typed(body), findings: [] };
    },
    webhook_code: ({ whose, language, reserialised }) => {
      if (whose.with === "sealed" && !world.start.unlocked) fail("locked", "the vault is locked");
      return {
        language,
        variable: "CRYPTOPAY_SANDBOX_WEBHOOK_SECRET",
        text: `// ${language}${reserialised ? ", written anew" : ""}\nprocess.env.CRYPTOPAY_SANDBOX_WEBHOOK_SECRET\n`,
      };
    },
    webhook_receiver: () => receiver,
    webhook_listen: ({ whose, port }) => {
      named(world, whose);
      if (port === 80)
        fail("system", "cannot listen on 127.0.0.1:80: permission denied", "choose a port from 1024 upwards, or 0 for a free one");
      receiver = { address: `http://127.0.0.1:${port === 0 ? 41234 : port}`, deliveries: [] };
      return receiver;
    },
    webhook_stop: () => {
      receiver = { ...receiver, address: null };
      return receiver;
    },
    webhook_delivery: ({ number }) => ({
      number,
      name: null,
      words: "12 bytes, JSON (an object), no line break",
      text: '{"came":true}',
      more: false,
      headers: "x-webhook-signature: good\n",
    }),
  };
};

/** A delivery as the receiver tells of it. */
export function delivery(number: number, verdict: Verdict, change: Partial<WebhookDelivery> = {}): WebhookDelivery {
  const check = checked(["shop-webhook"], verdict === "good" ? "x-webhook-signature: good" : "x-webhook-signature: other", "{}");
  const reason = check.steps.find(({ state }) => state !== "good")?.words ?? null;
  return {
    number,
    at: now(),
    path: "/hooks",
    length: 12,
    verdict,
    reason,
    answered: verdict === "good" ? 200 : 401,
    repeats: null,
    check,
    ...change,
  };
}

function named(world: World, whose: WebhookWhose): void {
  if (whose.with === "sealed" && !world.start.unlocked) fail("locked", "the vault is locked");
  if (names(world, whose).length === 0)
    fail("no-key", "there is no webhook secret for this place", "seal the one that the provider's webhook settings show, or give it");
}

function names(world: World, whose: WebhookWhose): string[] {
  if (whose.with === "held") return ["the secret that you typed"];
  const profile = world.profiles.find(({ name }) => name === whose.place.profile);
  return Object.values(profile?.others[whose.place.environment] ?? {});
}

function typed(body: WebhookBody): string {
  return body.from === "typed" ? body.text : "";
}

function checked(secrets: string[], headers: string, body: string): WebhookCheck {
  const signature = /signatures?:\s*(\S+)/i.exec(headers)?.[1];
  const there = signature !== undefined;
  const good = signature === "good";
  const step = (stage: WebhookStep["stage"], state: WebhookStep["state"], words: string): WebhookStep => ({ stage, state, words });
  const with_ = secrets.map((name) => `"${name}"`).join(", ");
  return {
    verdict: good ? "good" : "bad",
    steps: [
      there
        ? step("present", "good", "X-Webhook-Signature is there")
        : step("present", "bad", 'the header field "X-Webhook-Signature" is missing'),
      step("form", there ? "good" : "not reached", there ? "1 signature of 32 bytes in hexadecimal" : "not reached"),
      step("input", "good", `{body}: ${body.length} bytes`),
      step("secret", "good", with_),
      step(
        "compare",
        good ? "good" : there ? "bad" : "not reached",
        good ? `the signature is good with ${with_}` : there ? `the signature is not the work of ${with_} over these bytes` : "not reached",
      ),
    ],
    secrets: good ? secrets : [],
    body: `${body.length} bytes, ${body.includes("\r\n") ? "a line break (CRLF) at the end" : "no line break"}`,
    signedAt: null,
    id: null,
    signed: { length: body.length, head: [{ offset: "000000", hex: "7b 7d", text: "{}" }], leftOut: 0, tail: [], text: body, textTail: "" },
    comparison: good || !there ? null : { given: ["00ff"], computed: [{ secret: secrets[0] ?? "", signature: "00aa" }] },
    reserialised: signature === "anew",
    findings:
      good || !there
        ? []
        : [
            finding("webhook-mismatch", "error", "the signature does not match", "the body was changed on its way"),
            finding(
              "near-miss",
              "info",
              `would match with ${with_} if the body had no line break at its end`,
              "take the bytes as they came in",
            ),
          ],
  };
}
