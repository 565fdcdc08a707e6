/** Rejected messages by why, by whose profile, and by topic. */
import type { EpochMs } from "../../core/clock.ts";
import type { RejectionCode } from "../../core/rejection.ts";
import type { RejectedMessage } from "./rejected-message.ts";
import { idOf } from "./wanted.ts";

export interface RejectedGroup {
  readonly code: RejectionCode;
  /** With its version; empty where no profile was tried. */
  readonly profile: string;
  /** `others` for all beyond a thousand groups. */
  readonly topic: string;
  count: number;
  /** So many more were only counted. */
  notKept: number;
  readonly firstMs: EpochMs;
  lastMs: EpochMs;
  /** Of the last one. */
  reason: string;
  id: string;
}

const mostGroups = 1_000;

export class RejectedGroups {
  readonly #groups = new Map<string, RejectedGroup>();

  add(message: RejectedMessage): void {
    const { data, receivedMs } = message;
    const { code, notKept = 0, profile = "", reason } = data;
    const isRoom = this.#groups.size < mostGroups;
    const key = `${code} ${profile} ${data.topic}`;
    const topic = isRoom || this.#groups.has(key) ? data.topic : "others";
    const group = this.#groups.get(`${code} ${profile} ${topic}`);
    const id = idOf(message);
    if (group === undefined)
      this.#groups.set(`${code} ${profile} ${topic}`, {
        ...{ code, profile, topic, count: 1, notKept, reason, id },
        firstMs: receivedMs,
        lastMs: receivedMs,
      });
    else {
      group.count += 1;
      group.notKept += notKept;
      Object.assign(group, { lastMs: receivedMs, reason, id });
    }
  }

  /** The largest first. */
  list(): readonly RejectedGroup[] {
    return [...this.#groups.values()].sort((one, other) => other.count - one.count);
  }
}
