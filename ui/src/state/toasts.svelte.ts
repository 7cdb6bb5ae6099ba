/** Short words about what was done off the screen. Errors are not said here: they stay where they happened. */
import { errorBody, presentation } from "../errors";
import type { Undo } from "../host/wire";
import { context } from "./context";

export interface Toast {
  id: number;
  text: string;
  /** What takes it back; none where nothing does. */
  undo: number | null;
}

export class Toasts {
  shown = $state.raw<Toast[]>([]);
  #takeBack: (undo: number) => Promise<void>;
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #held = false;

  constructor(takeBack: (undo: number) => Promise<void>) {
    this.#takeBack = takeBack;
  }

  say(text: string) {
    this.#add(text, null, SAID_MS);
  }

  undoable({ undo, words }: Undo) {
    this.#add(words, undo, UNDOABLE_MS);
  }

  /** Takes back what the toast says, once. */
  async undo(toast: Toast) {
    if (toast.undo === null) return;
    this.drop(toast.id);
    try {
      await this.#takeBack(toast.undo);
    } catch (thrown) {
      this.say(presentation(errorBody(thrown)).message);
    }
  }

  drop(id: number) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  clear() {
    for (const { id } of this.shown) this.drop(id);
  }

  /** Nothing goes away while it is pointed at or has the focus, and neither does what is said meanwhile. */
  hold() {
    this.#held = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  release() {
    if (!this.#held) return;
    this.#held = false;
    for (const { id, undo } of this.shown) this.#expire(id, undo === null ? SAID_MS : UNDOABLE_MS);
  }

  #add(text: string, undo: number | null, ms: number) {
    const id = this.#next++;
    for (const old of this.shown.slice(0, Math.max(0, this.shown.length - MOST + 1))) this.drop(old.id);
    this.shown = [...this.shown, { id, text, undo }];
    if (!this.#held) this.#expire(id, ms);
  }

  #expire(id: number, ms: number) {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.drop(id), ms),
    );
  }
}

const SAID_MS = 4_000;
const UNDOABLE_MS = 10_000;
const MOST = 3;

export const toastsContext = context<Toasts>("toasts");
export const useToasts = toastsContext.use;
