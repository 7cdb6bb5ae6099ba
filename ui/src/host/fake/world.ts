/** What the program in memory remembers, and how an area of it answers. */
import type {
  Answer,
  Code,
  Command,
  ErrorBody,
  Event,
  IssuedTokens,
  KeyRow,
  OwnDefinition,
  Target,
  CredentialAt,
  Profile,
  Provider,
  Recipe,
  Request,
  Settings,
  Start,
} from "../wire";

/** What a yes to signing for live covers. */
export interface Agreed {
  key: string | null;
  scopes: string[];
  /** In seconds; none where the token does not end. */
  lifetime: number | null;
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
