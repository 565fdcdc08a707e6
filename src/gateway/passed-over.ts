/** What was counted and not stored since the start: why, by whose words, and the latest topic. */
import type { EpochMs } from "../core/clock.ts";
import type { PassedOverMessage, PassedOverReason } from "../normalize/normalized.ts";

export interface PassedOverCount {
  readonly why: PassedOverReason;
  /** The profile that says so, or `profiles.ignore`; undefined where nobody has to. */
  readonly by: string | undefined;
  /** The entry of its list. */
  readonly filter: string | undefined;
  readonly count: number;
  readonly lastTopic: string;
  readonly lastMs: EpochMs;
}

/** As much of a topic is kept. */
const shownCharacters = 128;

type Entry = { -readonly [K in keyof PassedOverCount]: PassedOverCount[K] };

/** What a metric is told apart by. */
export const byReason = {
  ignored: { reason: "ignored" },
  repeat: { reason: "repeat" },
  cleared: { reason: "cleared" },
  description: { reason: "description" },
} as const;

/** Bounded by what the configuration and the profiles list: strangers make up no entries. */
export class PassedOver {
  readonly #entries = new Map<string, Entry>();
  /** The same, by the object that stands for all messages of a topic. */
  readonly #known = new WeakMap<PassedOverMessage, Entry>();

  note(message: PassedOverMessage, topic: string, nowMs: EpochMs): void {
    const entry = this.#known.get(message) ?? this.#find(message);
    entry.count += 1;
    entry.lastTopic = topic.length <= shownCharacters ? topic : beginningOf(topic);
    entry.lastMs = nowMs;
  }

  #find(message: PassedOverMessage): Entry {
    const { by, filter, passedOver: why } = message;
    const key = [why, by, filter].join(" ");
    const entry = this.#entries.get(key) ?? { why, by, filter, count: 0, lastTopic: "", lastMs: 0 };
    this.#entries.set(key, entry);
    this.#known.set(message, entry);
    return entry;
  }

  /** Most first. */
  list(): readonly PassedOverCount[] {
    return [...this.#entries.values()].sort((one, other) => other.count - one.count);
  }
}

/** A copy: a part of a text would keep all of it in memory. */
function beginningOf(topic: string): string {
  return Buffer.from(topic.slice(0, shownCharacters), "utf16le").toString("utf16le");
}
