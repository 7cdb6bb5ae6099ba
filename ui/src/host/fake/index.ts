/**
 * The program in memory: for tests of components, and for the page in a browser without the window.
 * It checks nothing and signs nothing; what it answers only looks like an answer.
 */
import type { Host } from "../host";
import { SETTINGS, type Answer, type Command, type Event, type Request } from "../wire";
import { gr4vy, keys as someKeys, profiles as someProfiles } from "./data";
import { credentials } from "./credentials";
import { definitions } from "./definitions";
import { drafts } from "./draft";
import { emulator } from "./emulator";
import { checks } from "./checks";
import { incidents } from "./incidents";
import { inspect } from "./inspect";
import { keys } from "./keys";
import { lines } from "./lines";
import { profiles } from "./profiles";
import { rotation } from "./rotation";
import { vault } from "./vault";
import { webhooks } from "./webhooks";
import type { Handlers, World } from "./world";

const HANDLER_LANGUAGES = [
  { id: "node", name: "Node" },
  { id: "python", name: "Python" },
];
const LANGUAGES = [
  { id: "curl", name: "curl" },
  { id: "httpie", name: "HTTPie" },
  { id: "python", name: "Python" },
  { id: "node", name: "Node" },
  { id: "go", name: "Go" },
  { id: "php", name: "PHP" },
  { id: "rust", name: "Rust" },
];

export class FakeHost implements Host {
  readonly world: World;
  /** What was asked, in order. */
  readonly calls: { command: Command; request: unknown }[] = [];
  #handlers: Handlers;
  #listeners = new Set<(event: Event) => void>();

  constructor(change: Partial<World> = {}) {
    this.world = {
      start: {
        version: "0.1.0",
        system: "linux",
        vault: { path: "~/.local/share/keywright/acme.vault", name: "acme", exists: true, exposed: [], interrupted: false },
        unlocked: false,
        inspect: false,
        locked: null,
        cutOff: false,
        appearance: { theme: "system", textPercent: 100 },
        cost: "Argon2id with 256 MiB",
        languages: LANGUAGES,
        handlerLanguages: HANDLER_LANGUAGES,
      },
      passphrase: "tram quarry linen oboe",
      place: { profile: "Acme · Gr4vy", environment: "sandbox" },
      settings: { ...SETTINGS, vaultPath: "~/.local/share/keywright/acme.vault" },
      providers: [gr4vy],
      definitions: [],
      profiles: someProfiles(),
      keys: someKeys(),
      recipes: [],
      issued: new Map(),
      agreed: new Map(),
      lives: new Map(),
      rotations: [],
      troubles: new Map(),
      checked: new Map(),
      undos: new Map(),
      clipboard: "",
      emit: (event) => this.emit(event),
      pace: 0,
      ...change,
    };
    const { world } = this;
    this.#handlers = {
      ...vault(world),
      ...profiles(world),
      ...keys(world),
      ...credentials(world),
      ...definitions(world),
      ...inspect(world),
      ...webhooks(world),
      ...emulator(world),
      ...drafts(world),
      ...lines(world),
      ...rotation(world),
      ...incidents(world),
      ...checks(world),
    };
  }

  async call<C extends Command>(command: C, request: Request<C>): Promise<Answer<C>> {
    this.calls.push({ command, request });
    return structuredClone(await this.#handlers[command](request));
  }

  listen(on: (event: Event) => void) {
    this.#listeners.add(on);
    return () => void this.#listeners.delete(on);
  }

  emit(event: Event) {
    for (const on of this.#listeners) on(event);
  }

  /** Answers a command in another way from now on. */
  answer<C extends Command>(command: C, handler: (request: Request<C>) => Answer<C> | Promise<Answer<C>>) {
    Object.assign(this.#handlers, { [command]: handler });
  }

  /** The requests of one command so far. */
  asked<C extends Command>(command: C): Request<C>[] {
    return this.calls.filter((call) => call.command === command).map(({ request }) => request as Request<C>);
  }
}
