/** The webhook bench of a window: what is judged, with what, and what came. Kept while the window is open; the lock ends it. */
import { errorBody } from "../../errors";
import type { Host } from "../../host/host";
import {
  KEPT,
  type ErrorBody,
  type HandlerCode,
  type HeldBody,
  type HeldSecret,
  type Language,
  type Target,
  type Profile,
  type Provider,
  type Request,
  type WebhookBody,
  type WebhookCheck,
  type WebhookDelivery,
  type WebhookReceiver,
  type WebhookSample,
  type WebhookWhose,
} from "../../host/wire";
import { webhook as m } from "../../messages/webhook";
import { kept } from "../../state/kept.svelte";
import { Latest } from "../../state/latest";
import { Refusal } from "../../state/refusal.svelte";

export type Mode = "check" | "make" | "listen";

/** Typing pauses this long before it is judged. */
const PAUSE_MS = 200;
/** Another way than the secrets of a place. */
export const TYPED = "typed";
const NOTHING: WebhookReceiver = { address: null, deliveries: [] };

export interface Choice {
  value: string;
  label: string;
  detail: string | null;
  whose: WebhookWhose | null;
  provider: Provider | null;
  /** The place where the emulator is the provider, if this is one. */
  local: Target | null;
}

/** Every place with a sealed webhook secret, and typing one. */
export function choices(profiles: Profile[], providers: Provider[]): Choice[] {
  const places = profiles.flatMap((profile) => {
    const provider = providers.find(({ id }) => id === profile.provider) ?? null;
    if (provider?.webhook == null) return [];
    return provider.environments.flatMap(({ id, label, tier }) => {
      const names = Object.values(profile.others[id] ?? {});
      if (names.length === 0) return [];
      const place = { profile: profile.name, environment: id };
      return [
        {
          value: JSON.stringify(place),
          label: m.place(profile.name, label),
          detail: m.sealed(names.join(", ")),
          whose: { with: "sealed" as const, place },
          provider,
          local: tier === "local" ? place : null,
        },
      ];
    });
  });
  return [...places, { value: TYPED, label: m.typed, detail: null, whose: null, provider: null, local: null }];
}

export function signsWebhooks(providers: Provider[]): Provider[] {
  return providers.filter(({ webhook }) => webhook !== null);
}

export class Bench {
  readonly #host: Host;
  readonly #checks: Latest<{ request: Request<"webhook_check">; turn: number }, WebhookCheck>;
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Counts what is to be judged: an answer to an earlier question is not shown. */
  #turn = 0;
  /** Counts the locks. */
  #locks = 0;

  /** Which tab of Inspect is open. */
  tab = $state<"token" | "webhook">("token");
  mode = $state<Mode>("check");
  /** Which of the choices; empty until the person chose: the first one. */
  chosen = $state("");
  /** Whose secret was chosen to be typed; empty until then. */
  provider = $state("");
  held = $state.raw<HeldSecret | null>(null);

  headers = $state("");
  /** As pasted: a text field would make LF of CR LF. */
  body = $state("");
  file = $state.raw<HeldBody | null>(null);
  at = $state("");
  tolerance = $state("");
  url = $state("");

  check = $state.raw<WebhookCheck | null>(null);
  sample = $state.raw<WebhookSample | null>(null);
  /** The language of the handler's code; empty for the first one. */
  language = $state("");
  code = $state.raw<HandlerCode | null>(null);
  codeError = $state.raw<ErrorBody | null>(null);
  /** What the code was asked for last. */
  #coded = "";
  signing = $state(false);

  port = $state("");
  answer = $state("check");
  receiver = $state.raw<WebhookReceiver>(NOTHING);
  starting = $state(false);
  /** The number of the delivery that is looked at. */
  looked = $state<number | null>(null);
  came = $state.raw<HeldBody | null>(null);

  readonly delivery: WebhookDelivery | null = $derived(this.receiver.deliveries.find(({ number }) => number === this.looked) ?? null);
  readonly portNumber = $derived(this.port.trim() === "" ? 0 : Number(this.port));
  readonly portWrong = $derived(
    !Number.isInteger(this.portNumber) ||
      this.portNumber < 0 ||
      this.portNumber > 65_535 ||
      (this.port.trim() !== "" && this.portNumber === 0),
  );

  /** Each error speaks of the bench as it stood: whatever is typed or chosen takes it away. */
  readonly #refusal = new Refusal(() => [
    ...[this.mode, this.chosen, this.provider, this.held, this.headers, this.body, this.file],
    ...[this.at, this.tolerance, this.url, this.port, this.answer, this.looked],
  ]);

  constructor(host: Host) {
    this.#host = host;
    this.#checks = new Latest(
      ({ request }) => host.call("webhook_check", request),
      (check, { turn }) => {
        if (turn !== this.#turn) return;
        this.check = check;
        this.#refusal.forget();
      },
      (thrown, { turn }) => {
        if (turn !== this.#turn) return;
        this.check = null;
        this.#refusal.say(thrown);
      },
    );
  }

  get error(): ErrorBody | null {
    return this.#refusal.error;
  }

  /** What the program is told of a choice; none while there is nothing to judge with. */
  whoseOf(choice: Choice, providers: Provider[]): WebhookWhose | null {
    if (choice.whose !== null) return choice.whose;
    const provider = this.typedFor(providers);
    return this.held === null || provider === null ? null : { with: "held", provider: provider.id, held: this.held.held };
  }

  /** Whose secret is typed: the one that was chosen, else the first. */
  typedFor(providers: Provider[]): Provider | null {
    const signing = signsWebhooks(providers);
    return signing.find(({ id }) => id === this.provider) ?? signing[0] ?? null;
  }

  get given(): boolean {
    return this.headers.trim() !== "" || this.body !== "" || this.file !== null;
  }

  /** Judges what is there, after a pause while somebody types. */
  judge(whose: WebhookWhose | null, pause = PAUSE_MS): void {
    clearTimeout(this.#pause);
    this.#turn += 1;
    this.sample = null;
    if (this.mode !== "check" || whose === null || !this.given) {
      this.#checks.drop();
      this.check = null;
      return;
    }
    const request = { whose, body: this.#body(), headers: this.headers, url: this.url, at: this.at, tolerance: this.tolerance };
    const turn = this.#turn;
    this.#pause = setTimeout(() => this.#checks.put({ request, turn }), pause);
  }

  async hold(secret: string): Promise<boolean> {
    return this.#asking(async () => {
      this.held = await this.#host.call("webhook_hold", { secret });
    });
  }

  async forgetSecret(): Promise<void> {
    this.held = null;
    this.file = null;
    await this.#host.call("webhook_drop", null);
  }

  async choose(): Promise<void> {
    await this.#asking(async () => {
      const file = await this.#host.call("webhook_file", null);
      if (file !== null) this.file = file;
    });
  }

  async sign(whose: WebhookWhose): Promise<void> {
    this.signing = true;
    await this.#asking(async () => {
      this.sample = await this.#host.call("webhook_sign", { whose, body: this.#body(), headers: this.headers, url: this.url, at: this.at });
    });
    this.signing = false;
  }

  /** Code for a handler, for whatever was checked. */
  async write(whose: WebhookWhose | null, reserialised: boolean, languages: Language[]): Promise<void> {
    if (!languages.some(({ id }) => id === this.language)) this.language = languages[0]?.id ?? "";
    const request = { whose, language: this.language, reserialised };
    const coded = JSON.stringify(request);
    if (coded === this.#coded) return;
    this.#coded = coded;
    const answer =
      whose === null
        ? { code: null, codeError: null }
        : await this.#host.call("webhook_code", { ...request, whose }).then(
            (code) => ({ code, codeError: null }),
            (thrown: unknown) => ({ code: null, codeError: errorBody(thrown) }),
          );
    if (coded === this.#coded) Object.assign(this, answer);
  }

  /** The page was loaded again, or comes back here. */
  async resume(): Promise<void> {
    await this.#asking(async () => {
      this.receiver = await this.#host.call("webhook_receiver", null);
    });
  }

  async listen(whose: WebhookWhose): Promise<void> {
    this.starting = true;
    await this.#asking(async () => {
      const answer = this.answer === "check" ? null : Number(this.answer);
      this.receiver = await this.#host.call("webhook_listen", {
        whose,
        port: this.portNumber,
        answer,
        tolerance: this.tolerance,
        url: this.url,
      });
      this.looked = null;
      this.came = null;
    });
    this.starting = false;
  }

  /** Lets the emulator send one, signed with what is sealed for this place. */
  async send(place: Target): Promise<void> {
    await this.#asking(async () => void (await this.#host.call("emulator_deliver", place)));
  }

  async stop(): Promise<void> {
    await this.#asking(async () => {
      this.receiver = await this.#host.call("webhook_stop", null);
    });
  }

  delivered(delivery: WebhookDelivery): void {
    const others = this.receiver.deliveries.filter(({ number }) => number !== delivery.number);
    this.receiver = { ...this.receiver, deliveries: [...others, delivery].slice(-KEPT.deliveries) };
  }

  async look(number: number): Promise<void> {
    this.looked = number;
    this.came = null;
    await this.#asking(async () => {
      const came = await this.#host.call("webhook_delivery", { number });
      if (this.looked === number) this.came = came;
    });
  }

  /** Puts a delivery onto the bench, judged as of when it came. */
  takeOver({ number, at }: WebhookDelivery): void {
    if (this.came?.number !== number) return;
    this.file = this.came;
    this.headers = this.came.headers ?? "";
    this.at = new Date(at * 1000).toISOString().replace(".000", "");
    this.mode = "check";
  }

  clear(): void {
    Object.assign(this, { headers: "", body: "", file: null, at: "", url: "", check: null, sample: null });
    this.#refusal.forget();
  }

  /** Locked: the program has forgotten all of it. */
  end(): void {
    this.#turn += 1;
    this.#locks += 1;
    clearTimeout(this.#pause);
    this.#checks.drop();
    this.clear();
    this.#coded = "";
    Object.assign(this, {
      code: null,
      codeError: null,
      held: null,
      chosen: "",
      receiver: NOTHING,
      looked: null,
      came: null,
      signing: false,
      starting: false,
    });
  }

  #body(): WebhookBody {
    const { file } = this;
    if (file === null) return { from: "typed", text: this.body };
    return file.name === null ? { from: "delivery", number: file.number } : { from: "file", file: file.number };
  }

  /** Does something that may be refused; says whether it was done. An answer that the lock overtook is not shown. */
  async #asking(job: () => Promise<void>): Promise<boolean> {
    const locks = this.#locks;
    const done = await this.#refusal.try(job);
    if (locks !== this.#locks) this.end();
    return done;
  }
}

/** The one bench of a window. */
export const benchOf = kept((host: Host) => {
  const bench = new Bench(host);
  host.listen((event) => {
    if (event.type === "locked") bench.end();
    else if (event.type === "delivered") bench.delivered(event.delivery);
  });
  return bench;
});
