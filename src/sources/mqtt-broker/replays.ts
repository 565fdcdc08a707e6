/** Retained messages that the filters of one subscriber still bring. */
import type { Grant } from "./grant.ts";
import type { OutboundMessage } from "./outbound-message.ts";
import { type Outgoing, outgoing } from "./unacknowledged.ts";

/** Retained messages that a subscription brings; undefined: to be asked again in another turn. */
export type Replay = Iterator<OutboundMessage | undefined>;

export class Replays {
  readonly #goOn: () => void;
  /** By filter, oldest first. */
  readonly #byFilter = new Map<string, { readonly replay: Replay; readonly grant: Grant }>();
  #resting = false;

  /** `goOn` is called when a search has rested. */
  constructor(goOn: () => void) {
    this.#goOn = () => {
      this.#resting = false;
      goOn();
    };
  }

  /** In the place of what the filter still brings. */
  set(filter: string, replay: Replay, grant: Grant): void {
    this.#byFilter.delete(filter);
    this.#byFilter.set(filter, { replay, grant });
  }

  cancel(filter: string): void {
    this.#byFilter.delete(filter);
  }

  clear(): void {
    this.#byFilter.clear();
  }

  /** The next message, as it is now; undefined when there is none, or the search rests. */
  next(nowMs: number): Outgoing | undefined {
    if (this.#resting) return undefined;
    for (const [filter, { replay, grant }] of this.#byFilter) {
      for (;;) {
        const { done, value: message } = replay.next();
        if (done) break;
        if (message === undefined) {
          this.#resting = true;
          setImmediate(this.#goOn);
          return undefined;
        }
        if (!message.isExpired(nowMs)) return outgoing(message, grant, true);
      }
      this.#byFilter.delete(filter);
    }
    return undefined;
  }
}
