/**
 * Rejected messages about which nothing was decided, in groups that failed alike: kept up with what
 * comes, so that nobody has to read all of the past for a number. Bounded.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { StoredEvent } from "../../core/event.ts";
import { groupKeyOf } from "./group-key.ts";
import type { RejectedMessage } from "./rejected-message.ts";
import { idOf } from "./wanted.ts";

export interface RejectedGroupNow {
  readonly key: string;
  readonly code: string;
  readonly profile: string | undefined;
  /** Of the last one. */
  readonly reason: string;
  readonly lastId: string;
  /** The one they all have; `+` stands where they differ. */
  readonly topic: string;
  readonly devices: number;
  /** Those that were only counted among them. */
  readonly messages: number;
  /** Of them, kept whole. */
  readonly kept: number;
  readonly firstMs: EpochMs;
  readonly lastMs: EpochMs;
}

interface Group
  extends Omit<
    RejectedGroupNow,
    "devices" | "reason" | "lastId" | "topic" | "messages" | "kept" | "firstMs" | "lastMs"
  > {
  reason: string;
  lastId: string;
  topic: string;
  readonly devices: Set<string>;
  messages: number;
  kept: number;
  firstMs: EpochMs;
  lastMs: EpochMs;
}

/** Beyond, messages are not in the book; the answer to a question about them is still right. */
const mostMessages = 100_000;
const mostGroups = 1_000;
const mostDevices = 10_000;

interface Kept {
  readonly group: Group;
  readonly messages: number;
}

export class RejectedBook {
  readonly #groups = new Map<string, Group>();
  readonly #messages = new Map<string, Kept>();
  /** Decisions may be read before what they are about. */
  readonly #decided = new Set<string>();
  #isWhole = true;

  /** False where there was more than there is room for. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  take(event: StoredEvent): void {
    if (event.kind === "rejection") this.#add(event);
    else if (event.kind === "decision") for (const id of event.data.rejections) this.#decide(id);
  }

  /** The largest first. */
  groups(): readonly RejectedGroupNow[] {
    return Array.from(this.#groups.values(), show).sort(
      (one, other) => other.messages - one.messages || (one.key < other.key ? -1 : 1),
    );
  }

  get counts(): { readonly messages: number; readonly groups: number } {
    let messages = 0;
    for (const group of this.#groups.values()) messages += group.messages;
    return { messages, groups: this.#groups.size };
  }

  #add(message: RejectedMessage): void {
    const id = idOf(message);
    if (this.#messages.has(id) || this.#decided.delete(id)) return;
    if (this.#messages.size >= mostMessages) {
      this.#isWhole = false;
      return;
    }
    const group = this.#groupOf(message);
    if (group === undefined) return;
    const messages = 1 + (message.data.notKept ?? 0);
    group.messages += messages;
    group.kept += 1;
    group.reason = message.data.reason;
    group.lastId = id;
    group.topic = commonTopic(group.topic, message.data.topic);
    group.firstMs = Math.min(group.firstMs, message.receivedMs);
    group.lastMs = Math.max(group.lastMs, message.receivedMs);
    if (message.device !== null && group.devices.size < mostDevices)
      group.devices.add(message.device);
    this.#messages.set(id, { group, messages });
  }

  #groupOf(message: RejectedMessage): Group | undefined {
    const { data, receivedMs } = message;
    const key = groupKeyOf(data);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    if (this.#groups.size >= mostGroups) {
      this.#isWhole = false;
      return undefined;
    }
    const { code, profile, reason, topic } = data;
    const made: Group = {
      ...{ key, code, profile, reason, topic, messages: 0, kept: 0, lastId: idOf(message) },
      devices: new Set(),
      firstMs: receivedMs,
      lastMs: receivedMs,
    };
    this.#groups.set(key, made);
    return made;
  }

  #decide(id: string): void {
    const found = this.#messages.get(id);
    if (found === undefined) {
      if (this.#decided.size < mostMessages) this.#decided.add(id);
      return;
    }
    this.#messages.delete(id);
    const { group, messages } = found;
    group.messages -= messages;
    group.kept -= 1;
    if (group.kept === 0) this.#groups.delete(group.key);
  }
}

function show({ devices, ...group }: Group): RejectedGroupNow {
  return { ...group, devices: devices.size };
}

/** `a/+/c` of `a/b/c` and `a/d/c`; `#` of topics of several lengths. */
function commonTopic(one: string, other: string): string {
  if (one === other) return one;
  const [levels, others] = [one.split("/"), other.split("/")];
  if (levels.length !== others.length) return "#";
  return levels.map((level, at) => (level === others[at] ? level : "+")).join("/");
}
