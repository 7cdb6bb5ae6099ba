/** What the program in memory remembers, and how an area of it answers. */
import type {
  Answer,
  CheckResult,
  Code,
  Command,
  ErrorBody,
  Event,
  HandOver,
  IssuedTokens,
  JournalEntry,
  KeyCopy,
  KeyEvent,
  KeyRow,
  KeyState,
  KeyStay,
  Orphan,
  OwnDefinition,
  Target,
  CredentialAt,
  Profile,
  Provider,
  Recipe,
  Request,
  RotationMode,
  RotationStep,
  RotationTimes,
  Settings,
  Silence,
  Start,
  StepEvidence,
} from "../wire";

/** What a yes to signing for live covers. */
export interface Agreed {
  key: string | null;
  scopes: string[];
  /** In seconds; none where the token does not end. */
  lifetime: number | null;
}

/** What is kept of a key beside its row. */
export interface Life {
  line: string;
  state: KeyState;
  made: number | null;
  leaked: number | null;
  stays: KeyStay[];
  accepted: number;
  lastAccepted: number | null;
  history: KeyEvent[];
  copies: KeyCopy[];
}

/** A refusal of the provider, in its words. */
export interface Trouble {
  words: string;
  hint: string;
}

/** A rotation that is played. */
export interface Turning {
  id: string;
  line: string;
  old: string;
  next: string | null;
  mode: RotationMode;
  times: RotationTimes;
  since: number;
  done: { step: RotationStep; at: number; evidence: StepEvidence; earlyBy: number | null }[];
  course: "forward" | "withdrawing" | "reviving" | "done" | "aborted";
  stopped: Trouble | null;
  hurried: Set<RotationStep>;
  byHand: Set<RotationStep>;
  silence: Silence | null;
  places: HandOver[];
  orphans: Orphan[];
  journal: JournalEntry[];
}

export interface World {
  start: Start;
  passphrase: string;
  place: Target | null;
  settings: Settings;
  providers: Provider[];
  definitions: OwnDefinition[];
  profiles: Profile[];
  keys: KeyRow[];
  recipes: Recipe[];
  /** What servers issued, by {@link ownerKey}. */
  issued: Map<string, IssuedTokens>;
  /** What the person agreed to have signed for live, by {@link placeKey}. */
  agreed: Map<string, Agreed>;
  /** The life of each key by its name; made when somebody asks. */
  lives: Map<string, Life>;
  rotations: Turning[];
  /** What the next call of a step is answered with, in place of a yes: once each. */
  troubles: Map<RotationStep, Trouble>;
  /** What checks found last, by credential and place. */
  checked: Map<string, CheckResult>;
  /** What takes back a change, by its number. */
  undos: Map<number, () => void>;
  clipboard: string;
  emit: (event: Event) => void;
  /** Milliseconds that work takes: 0 in tests. */
  pace: number;
}

export type Handlers = { [C in Command]: (request: Request<C>) => Answer<C> | Promise<Answer<C>> };
/** One area's share of the commands. */
export type Area<C extends Command> = (world: World) => Pick<Handlers, C>;

export function fail(code: Code, message: string, hint?: string): never {
  throw { code, message, ...(hint === undefined ? {} : { hint }) } satisfies ErrorBody;
}

/** Registers what takes a change back, and answers its number. */
export function undoable(world: World, words: string, takeBack: () => void) {
  const undo = world.undos.size + 1;
  world.undos.set(undo, takeBack);
  return { undo, words };
}

export const placeKey = ({ profile, environment }: Target) => `${profile}\n${environment}`;
export const ownerKey = (owner: CredentialAt) => `${placeKey(owner)}\n${owner.credential}`;
export const now = () => Math.floor(Date.now() / 1000);
export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export function find(world: World, name: string): KeyRow {
  return world.keys.find((key) => key.name === name) ?? fail("not-found", `there is no key ${name}`);
}
