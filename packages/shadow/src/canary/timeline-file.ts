import {appendFileSync, mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import type {CanaryEvent} from '@tandem/contract';

const EVENTS_KEPT = 10_000;

/** canary/timeline.jsonl: one line per event, written at once. */
export class TimelineFile {
  readonly path: string;
  readonly events: CanaryEvent[] = [];
  /** why it takes no more lines; what came since is in `events` only */
  failure: string | null = null;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), {recursive: true, mode: 0o700});
    appendFileSync(path, '', {mode: 0o600});
  }

  add(event: CanaryEvent): void {
    if (this.events.length < EVENTS_KEPT) this.events.push(event);
    if (this.failure !== null) return;
    try {
      appendFileSync(this.path, `${JSON.stringify(event)}\n`);
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }
}
