/** What the open vault holds, and where one stands: the sentence of the bar. */
import { errorBody } from "../errors";
import type { Host } from "../host/host";
import type {
  Appearance,
  Environment,
  ErrorBody,
  Event,
  ImportPreview,
  KeyRow,
  Opened,
  OwnDefinition,
  Target,
  Profile,
  Provider,
  Recipe,
  Settings,
  Start,
  TokenReading,
} from "../host/wire";
import { context } from "./context";
import { UnsavedTexts } from "./unsaved.svelte";

/** Why and when the vault was locked, and after how many idle minutes it does so by itself. */
export interface Locked extends Pick<Extract<Event, { type: "locked" }>, "why" | "at"> {
  idleMinutes: number | null;
}

/** A credential that is to be added: for which place and, if that is known, of which kind. */
export interface Adding {
  place: Target;
  role: string | null;
}

export class Desk {
  readonly host: Host;
  start = $state.raw<Start>() as Start;
  unlocked = $state(false);
  locked = $state.raw<Locked | null>(null);

  providers = $state.raw<Provider[]>([]);
  /** The providers as the program tells them while the vault is locked. */
  #public = $state.raw<Provider[]>([]);
  /** Every provider that there are rules of. They are public: behind the closed door, too. */
  rules = $derived(this.unlocked ? this.providers : this.#public);
  /** Of these, those that the person added. */
  definitions = $state.raw<OwnDefinition[]>([]);
  profiles = $state.raw<Profile[]>([]);
  keys = $state.raw<KeyRow[]>([]);
  recipes = $state.raw<Recipe[]>([]);
  settings = $state.raw<Settings | null>(null);
  /** What was typed in a profile, a key or the settings, and is not saved yet. */
  readonly unsaved = new UnsavedTexts();
  /** The profile and the environment one works for; none before there is a profile. */
  place = $state.raw<Target | null>(null);
  /** A token that was dropped or pasted outside of any field: Inspect takes it and sets this to null. */
  handedReading = $state.raw<TokenReading | null>(null);
  /** Keys that were dropped or pasted: Keys takes them and sets this to null. */
  handedKeys = $state.raw<ImportPreview | null>(null);
  /** The credential that is being added, over whatever screen is open. */
  adding = $state.raw<Adding | null>(null);
  /** What went wrong where no screen has a place for it: a file that was not taken, a key that could not be chosen. */
  notice = $state.raw<ErrorBody | null>(null);
  /** Why the lists could not be loaded. */
  problem = $state.raw<ErrorBody | null>(null);

  profile = $derived(this.profiles.find(({ name }) => name === this.place?.profile) ?? null);
  provider = $derived(this.providers.find(({ id }) => id === this.profile?.provider) ?? null);
  environment: Environment | null = $derived(this.provider?.environments.find(({ id }) => id === this.place?.environment) ?? null);
  tier = $derived(this.environment?.tier ?? null);
  /** The key that the profile uses here. */
  key = $derived.by(() => {
    const name = this.place === null ? undefined : this.profile?.keys[this.place.environment];
    return this.keys.find((key) => key.name === name && key.deleted === null) ?? null;
  });
  baseUrl = $derived(this.environment === null ? null : (this.profile?.addresses[this.environment.id] ?? this.environment.baseUrl));

  /** Another number after each lock: what was asked before it is not taken after it. */
  #turn = 0;

  constructor(host: Host, start: Start) {
    this.host = host;
    this.start = start;
    // A page that begins anew, because the one before it ended by itself, says why the vault is closed.
    this.locked = start.locked === null ? null : { ...start.locked, idleMinutes: null };
  }

  /** After the vault was created or unlocked. */
  async open({ place, settings, vault }: Opened) {
    this.start = { ...this.start, vault, unlocked: true };
    this.settings = settings;
    this.place = place;
    this.locked = null;
    const turn = this.#turn;
    await this.reload();
    if (turn === this.#turn) this.unlocked = true;
  }

  /** Reads the lists again; what changed in Rust is seen here only after it. */
  async reload() {
    const turn = this.#turn;
    try {
      const [providers, definitions, profiles, keys, recipes, settings] = await Promise.all([
        this.host.call("providers_list", null),
        this.host.call("definitions_list", null),
        this.host.call("profiles_list", null),
        this.host.call("keys_list", null),
        this.host.call("recipes_list", null),
        this.host.call("settings_show", null),
      ]);
      if (turn !== this.#turn) return;
      Object.assign(this, { providers, definitions, profiles, keys, recipes, settings, problem: null });
      if (this.profile === null || this.environment === null) this.place = this.#firstPlace();
    } catch (thrown) {
      if (turn === this.#turn) this.problem = errorBody(thrown);
    }
  }

  /** Reads what {@link rules} has while the vault is locked. */
  async readRules() {
    this.#public = await this.host.call("providers_list", null).catch(() => []);
  }

  go(place: Target) {
    this.place = place;
  }

  /** Goes to a profile, to the environment of the same tier as now, else to its first that is not live. */
  goToProfile(name: string) {
    const profile = this.profiles.find((profile) => profile.name === name);
    const environments = this.providers.find(({ id }) => id === profile?.provider)?.environments ?? [];
    const calm = environments.filter(({ tier }) => tier !== "live");
    const environment = calm.find(({ tier }) => tier === this.tier) ?? calm[0] ?? environments[0];
    if (environment !== undefined) this.go({ profile: name, environment: environment.id });
  }

  /** Forgets all that came out of the vault. */
  forget({ why, at }: Pick<Locked, "why" | "at">) {
    this.#turn += 1;
    this.unsaved.forget();
    // What is closed already has its reason, or is another vault.
    const locked = this.unlocked ? { why, at, idleMinutes: this.settings?.lockAfterMinutes ?? null } : this.locked;
    Object.assign(this, {
      unlocked: false,
      locked,
      providers: [],
      definitions: [],
      profiles: [],
      keys: [],
      recipes: [],
      settings: null,
      place: null,
      handedReading: null,
      handedKeys: null,
      adding: null,
      notice: null,
      problem: null,
    });
    this.start = { ...this.start, unlocked: false };
  }

  /** The program says when it is done, by its event. */
  async lock() {
    await this.host.call("vault_lock", null);
  }

  /** The page was loaded again over a vault that is open. */
  async resume() {
    const [settings, draft] = await Promise.all([this.host.call("settings_show", null), this.host.call("draft_open", null)]);
    const { profile, environment } = draft;
    await this.open({ settings, place: { profile, environment }, vault: this.start.vault });
  }

  /** Has the person choose another vault, which is then the one to unlock: the program locks the present one. Says whether they did. */
  async chooseVault(): Promise<boolean> {
    const vault = await this.host.call("vault_choose", null);
    if (vault === null) return false;
    // The event of that lock may come before this answer or after it.
    if (this.unlocked) this.forget({ why: "asked", at: Date.now() / 1000 });
    this.start = { ...this.start, vault };
    this.locked = null;
    return true;
  }

  async changeAppearance(appearance: Appearance) {
    await this.host.call("appearance_change", appearance);
    this.start = { ...this.start, appearance };
  }

  #firstPlace(): Target | null {
    for (const profile of this.profiles) {
      const environment = this.providers.find(({ id }) => id === profile.provider)?.environments[0];
      if (environment !== undefined) return { profile: profile.name, environment: environment.id };
    }
    return null;
  }
}

export const deskContext = context<Desk>("desk");
export const useDesk = deskContext.use;
