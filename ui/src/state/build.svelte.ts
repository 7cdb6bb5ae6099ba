/** What the Build screen works on: the draft, its last reading, what is being sent and what came of it. */
import { untrack } from "svelte";

import type {
  Draft,
  DraftEdit,
  DraftReading,
  ErrorBody,
  FlowRow,
  Target,
  ExecutionOutcome,
  Sent,
  TextEdit,
  TimelineRow,
  CredentialAt,
} from "../host/wire";
import { providerOf } from "./credentials";
import type { Desk } from "./desk.svelte";
import { withEdits } from "./edits";
import { nextJob } from "./jobs";
import { kept } from "./kept.svelte";
import { Latest } from "./latest";
import { Progress } from "./progress.svelte";
import { ribbonOf, type Ribbon } from "./ribbon";

/** What the editor offers to the rest of the screen while it is there. */
export interface Editor {
  /** Makes the edits in one step that one undo takes back. */
  apply(edits: TextEdit[]): void;
  /** Puts the cursor at a place of the text and the focus into the editor. */
  reveal(from: number, to: number): void;
}

/** A call or a flow on its way. */
export interface Underway {
  job: number;
  what: "sign" | "send" | "flow";
  /** By the page's clock, in milliseconds. */
  since: number;
  cancelled: boolean;
}

/** What came of a call, and of which draft. */
export interface Outcome {
  sent: Sent;
  draft: Draft;
}

/** What came of a flow that ended without a call, and of which draft. */
export interface FlowOutcome {
  flow: FlowRow;
  ran: ExecutionOutcome;
  draft: Draft;
}

/** How long the screen still says that the copied token has expired. */
const COPIED_SHOWN_SECONDS = 60;

export class Build {
  readonly desk: Desk;

  draft = $state.raw<Draft | null>(null);
  /** Another number for each draft that was opened, so that the editor starts a new history. */
  epoch = $state(0);
  reading = $state.raw<DraftReading | null>(null);
  /** The last reading of claims that were JSON: what it says stays in sight while one types on. */
  good = $state.raw<DraftReading | null>(null);
  /** The draft that the reading speaks of. */
  readOf = $state.raw<Draft | null>(null);
  /** Why there is no reading. */
  unread = $state.raw<ErrorBody | null>(null);
  ribbon = $state.raw<Ribbon | null>(null);
  /** Where the cursor stands in the claims. */
  cursor = $state(0);
  underway = $state.raw<Underway | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  /** What came of the last flow, if that was later than the last call. */
  flowOutcome = $state.raw<FlowOutcome | null>(null);
  /** What happened on the way. */
  readonly progress = new Progress();
  /** Whether what an answer asks for is done: renewing, waiting, trying again. */
  following = $state(false);
  /** Why the last signing or sending did not happen. */
  refused = $state.raw<ErrorBody | null>(null);
  /** The token that was copied last: it lives on after this one was signed afresh. */
  copied = $state.raw<{ token: string; expires: number | null } | null>(null);

  /** Now by Rust's clock, to the second. */
  now = $state(Math.floor(Date.now() / 1000));

  token = $derived(
    this.ribbon === null || this.ribbon.dim || this.ribbon.hidden || this.ribbon.signature === null ? null : tokenText(this.ribbon),
  );
  tier = $derived.by(() => this.reading?.tier ?? this.desk.tier);
  /** Whose API the open draft calls; the desk may be on its way elsewhere already. */
  provider = $derived.by(() => providerOf(this.draft ?? this.desk.place, this.desk.profiles, this.desk.providers));
  /** Whether the token is signed here, or what the call carries comes from the server. */
  signsHere = $derived.by(() => this.provider?.signsHere ?? true);
  /** Whether the reading speaks of the claims as they stand in the editor. */
  current = $derived(this.draft !== null && this.readOf?.claims === this.draft.claims);
  /** The claim under the cursor, as characters of the payload part. The end of its line is still the claim's. */
  marked = $derived.by(() => {
    if (this.reading === null || this.draft === null || !this.current) return null;
    const at = this.cursor;
    const { claims } = this.draft;
    const lineFrom = claims.lastIndexOf("\n", at - 1) + 1;
    const lineTo = claims.indexOf("\n", at) === -1 ? claims.length : claims.indexOf("\n", at);
    const away = ({ from, to }: { from: number; to: number }) => Math.max(from - at, at - to, 0);
    const near = this.reading.spans.filter(
      (span) => away(span) === 0 || (span.from >= lineFrom && span.from <= lineTo) || (span.to >= lineFrom && span.to <= lineTo),
    );
    return near.sort((a, b) => away(a) - away(b) || a.to - a.from - (b.to - b.from))[0] ?? null;
  });
  /** The draft was edited after the call whose outcome is shown. */
  editedSince = $derived(this.outcome !== null && this.draft !== null && !sameDraft(this.outcome.draft, this.draft));
  flowEditedSince = $derived(this.flowOutcome !== null && this.draft !== null && !sameDraft(this.flowOutcome.draft, this.draft));
  /** The copied token is another than the one shown, and still lives. */
  copiedDiffers = $derived(
    this.copied !== null &&
      this.token !== null &&
      this.copied.token !== this.token &&
      (this.copied.expires === null || this.copied.expires > this.now - COPIED_SHOWN_SECONDS),
  );

  /** The editor of the claims, while it is on the screen. */
  editor: Editor | null = null;
  /** What the editor left behind when its screen was left: its text with its history. */
  editorMemory: unknown = null;

  readonly #reader: Latest<Draft, DraftReading>;
  #clockAhead = 0;
  /** The expiry that the last renewal brought; renewing again without a later one would never end. */
  #renewed: number | null = null;
  /** The expiry of a given token after which it was read again. */
  #ended: number | null = null;
  #opening = 0;

  constructor(desk: Desk) {
    this.desk = desk;
    this.#reader = new Latest(
      (draft) => desk.host.call("draft_read", draft),
      (reading, draft) => this.#take(reading, draft),
      (error) => {
        this.unread = error as ErrorBody;
        if (this.ribbon !== null) this.ribbon = { ...this.ribbon, dim: true };
      },
    );
  }

  /** Opens the draft of a place, unless it is open already. */
  async follow(place: Target | null): Promise<void> {
    const draft = untrack(() => this.draft);
    if (place === null || (draft !== null && samePlace(draft, place))) return;
    const turn = ++this.#opening;
    try {
      const opened = await this.desk.host.call("draft_open", place);
      if (turn === this.#opening) this.load(opened);
    } catch (error) {
      if (turn === this.#opening) this.#empty(error as ErrorBody);
    }
  }

  /** Another draft takes the place of this one, with a history of its own. */
  load(draft: Draft): void {
    this.#empty(null);
    this.draft = draft;
    this.editorMemory = null;
    this.epoch += 1;
    this.read();
  }

  /** Forgets all: the vault is locked. */
  forget(): void {
    this.#opening += 1;
    this.#reader.drop();
    this.#empty(null);
    this.copied = null;
    this.editorMemory = null;
  }

  /** Another recipe in the draft that is open: undo brings the claims back. */
  adopt(draft: Draft): void {
    if (this.draft === null || !samePlace(draft, this.draft)) {
      this.desk.go({ profile: draft.profile, environment: draft.environment });
      this.load(draft);
      return;
    }
    this.change({
      key: draft.key,
      header: draft.header,
      target: draft.target,
      body: draft.body,
      with: draft.with,
      scopes: draft.scopes,
      ttl: draft.ttl,
    });
    this.setClaims(draft.claims);
  }

  /** Replaces the whole claims text, by the editor if it is there. */
  setClaims(claims: string): void {
    if (this.draft === null || this.draft.claims === claims) return;
    this.apply([{ from: 0, to: this.draft.claims.length, insert: claims }]);
  }

  /** Changes the draft and reads it. The editor reports every change of the claims here. */
  change(part: Partial<Draft>): void {
    if (this.draft === null) return;
    this.draft = { ...this.draft, ...part };
    // It spoke of the draft as it was.
    this.refused = null;
    this.read();
  }

  /** Keys or profiles are others now: what was refused for want of one may be possible. */
  vaultChanged(): void {
    this.refused = null;
    this.read();
  }

  read(): void {
    if (this.draft !== null) this.#reader.put(this.draft);
  }

  /** Has Rust compute an edit of the claims and makes it. What was typed meanwhile is kept: then it is computed again. */
  async edit(edit: DraftEdit): Promise<void> {
    for (let tries = 0; tries < 4; tries++) {
      const asked = this.draft;
      if (asked === null) return;
      const edits = await this.desk.host.call("draft_edit", { draft: asked, edit });
      if (this.draft?.claims !== asked.claims) continue;
      if (edits.length > 0) this.apply(edits);
      return;
    }
  }

  /** Signs for a live environment: the program asks in a window of the system. */
  async sign(): Promise<void> {
    const draft = this.draft;
    if (draft === null || this.underway !== null) return;
    this.refused = null;
    this.underway = { job: nextJob(), what: "sign", since: performance.now(), cancelled: false };
    try {
      const reading = await this.desk.host.call("draft_sign", draft);
      if (this.draft === draft) this.#take(reading, draft);
    } catch (error) {
      this.refused = error as ErrorBody;
    } finally {
      this.underway = null;
    }
  }

  /** Signs afresh and sends. `shift` holds for this one signature. */
  async send(shift = 0): Promise<void> {
    const open = this.draft;
    if (open === null || this.underway !== null) return;
    const { job } = this.#begin("send");
    try {
      const { sent, reading, timeline, failed } = await this.desk.host.call("request_send", {
        draft: { ...open, shift },
        job,
        follow: this.following,
      });
      this.#came(open, sent === null ? null : { sent, draft: open }, null, timeline);
      if (failed !== null) this.refused = { code: "rule", message: failed };
      if (this.draft === open) this.#take(reading, open);
      else this.read();
    } catch (error) {
      this.#failed(error as ErrorBody, open);
    } finally {
      this.#end();
    }
  }

  /** Runs a flow: logs in, mints, refreshes. What it brought is read afterwards. */
  async run(flow: FlowRow): Promise<void> {
    const open = this.draft;
    if (open === null || this.underway !== null) return;
    const { job } = this.#begin("flow");
    try {
      const ran = await this.desk.host.call("flow_run", { draft: open, flow: flow.id, follow: this.following, job });
      this.#came(
        open,
        ran.sent === null ? null : { sent: ran.sent, draft: open },
        ran.sent === null ? { flow, ran, draft: open } : null,
        ran.timeline,
      );
    } catch (error) {
      this.#failed(error as ErrorBody, open);
    } finally {
      this.#end();
      this.read();
    }
  }

  /** Whose tokens the call carries; null while none are there. */
  get tokenOwner(): CredentialAt | null {
    const issued = this.reading?.issued ?? null;
    return issued && { profile: issued.profile, environment: issued.environment, credential: issued.credential };
  }

  /** Forgets what the server issued to the credential of this draft. */
  async forgetTokens(): Promise<void> {
    const owner = this.tokenOwner;
    if (owner === null) return;
    await this.desk.host.call("tokens_forget", owner);
    this.flowOutcome = null;
    this.read();
  }

  /** The program says what happened since. */
  happened(job: number, rows: TimelineRow[]): void {
    if (this.underway?.job === job) this.progress.happened(rows);
  }

  /** The program waits, because the server asked for it. */
  waits(job: number, seconds: number, why: string): void {
    if (this.underway?.job === job) this.progress.waits(seconds, why);
  }

  async cancel(): Promise<void> {
    if (this.underway === null) return;
    this.underway = { ...this.underway, cancelled: true };
    await this.desk.host.call("job_cancel", { job: this.underway.job });
  }

  /** The token lies on the clipboard now. It stays as it was copied. */
  noteCopied(): void {
    if (this.token !== null) this.copied = { token: this.token, expires: this.reading?.times.expires ?? null };
  }

  /** Each second while the screen is visible: the clock, and a fresh token before the old one ends. */
  tick(): void {
    this.now = Math.floor(Date.now() / 1000 + this.#clockAhead);
    const { issued, notBefore, expires } = this.reading?.times ?? { issued: null, notBefore: null, expires: null };
    const began = issued ?? notBefore;
    if (expires !== null && expires <= this.now && this.reading?.authentication === "issued-token" && this.#ended !== expires) {
      this.#ended = expires;
      this.read();
      return;
    }
    if (this.tier === "live" || this.token === null || this.underway !== null || expires === null || began === null) return;
    if (expires - this.now > (expires - began) / 5 || this.#renewed === expires) return;
    this.#renewed = expires;
    this.read();
  }

  #begin(what: "send" | "flow"): Underway {
    const underway: Underway = { job: nextJob(), what, since: performance.now(), cancelled: false };
    this.refused = null;
    this.progress.begin(what === "flow" || this.following);
    this.underway = underway;
    return underway;
  }

  /** One outcome at a time: that of the call, or that of the flow. What is of a place that was left meanwhile is dropped. */
  #came(of: Draft, outcome: Outcome | null, flowOutcome: FlowOutcome | null, rows: TimelineRow[]): void {
    if (this.draft === null || !samePlace(this.draft, of)) return;
    this.outcome = outcome;
    this.flowOutcome = flowOutcome;
    this.progress.end(rows);
  }

  /** Who cancelled or said no knows it, and an earlier call stays. Else what was said of that goes, and what was done stays to be read. */
  #failed(error: ErrorBody, of: Draft): void {
    if (this.draft === null || !samePlace(this.draft, of)) return;
    const cancelled = this.underway?.cancelled === true;
    if (!cancelled) this.refused = error;
    const stays = cancelled || error.code === "live-without-consent";
    if (!stays || this.progress.rows.length > 0) this.#came(of, null, null, this.progress.rows);
  }

  #end(): void {
    this.underway = null;
    this.progress.end();
  }

  /** Changes the claims; before the editor is there, in the draft that it will show. */
  apply(edits: TextEdit[]): void {
    if (this.draft === null) return;
    if (this.editor !== null) this.editor.apply(edits);
    else this.change({ claims: withEdits(this.draft.claims, edits) });
  }

  #take(reading: DraftReading, draft: Draft): void {
    // The place was left while this was read.
    if (this.draft === null || !samePlace(draft, this.draft)) return;
    this.reading = reading;
    if (reading.claims !== "" || !this.signsHere) this.good = reading;
    this.readOf = draft;
    this.unread = null;
    this.ribbon = ribbonOf(reading, this.ribbon);
    const ahead = reading.now - Date.now() / 1000;
    // Rust answers whole seconds; less than two is the same clock.
    this.#clockAhead = Math.abs(ahead) < 2 ? 0 : ahead;
    this.now = Math.floor(Date.now() / 1000 + this.#clockAhead);
  }

  #empty(unread: ErrorBody | null): void {
    this.draft = null;
    this.reading = null;
    this.good = null;
    this.readOf = null;
    this.ribbon = null;
    this.outcome = null;
    this.flowOutcome = null;
    this.progress.begin(false);
    this.refused = null;
    this.unread = unread;
    this.cursor = 0;
    this.#renewed = null;
  }
}

function tokenText({ header, payload, signature }: Ribbon): string {
  return `${header}.${payload}.${signature ?? ""}`;
}

function samePlace(a: Target, b: Target): boolean {
  return a.profile === b.profile && a.environment === b.environment;
}

function sameDraft(a: Draft, b: Draft): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The one Build of a desk: it outlives the screen, so that coming back shows what was there. */
export const useBuild = kept((desk: Desk) => new Build(desk));
