/** A call or a flow step by step, as the program tells it: what was done until now, and whether it waits. */
import type { TimelineRow } from "../host/wire";
import { passed } from "./clock";

/** A pause that the server asked for: until when, by the clock of {@link passed}. */
export interface Wait {
  until: number;
  why: string;
}

export class Progress {
  /** Of the job that runs, or of the last one. */
  rows = $state.raw<TimelineRow[]>([]);
  waiting = $state.raw<Wait | null>(null);
  /** Whether it was more than one request by itself: then its steps are worth showing. */
  followed = $state(false);

  begin(followed: boolean): void {
    this.rows = [];
    this.waiting = null;
    this.followed = followed;
  }

  happened(rows: TimelineRow[]): void {
    this.waiting = null;
    this.rows = [...this.rows, ...rows];
  }

  waits(seconds: number, why: string): void {
    this.waiting = { until: passed() + seconds, why };
  }

  /** With all that was done, or with what is known of it. */
  end(rows: TimelineRow[] = this.rows): void {
    this.rows = rows;
    this.waiting = null;
  }
}
