/**
 * The messages that describe devices, in groups that are read together.
 *
 * Invariants
 * - Messages and topics together take at most `mostCharacters`.
 * - A message that cannot be read changes nothing: what was described before stays.
 */
import type { DeviceId } from "../core/ids.ts";
import { mostCharacters, mostMessageBytes, mostMessagesOfGroup } from "./bounds.ts";
import type { Convention, Description } from "./description.ts";
import type { KeptMessage } from "./description-file.ts";

/** What a message costs beside its text. */
const messageCharacters = 256;

export interface Group {
  readonly convention: Convention;
  readonly messages: ReadonlyMap<string, string>;
  /** The device that the credentials of the sender named. */
  readonly owner: DeviceId | undefined;
  readonly description: Description | undefined;
}

/** What a message changes; nothing is changed yet. */
export interface Change {
  readonly kind: "change";
  readonly key: string;
  readonly before: Group | undefined;
  /** Undefined where nothing is left of the group. */
  readonly after: Group | undefined;
}

export type Proposal =
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly reason: string }
  | Change;

const nothing: Proposal = { kind: "none" };

export class DescriptionGroups {
  readonly #conventions: readonly Convention[];
  readonly #groups = new Map<string, Group>();
  #characters = 0;

  constructor(conventions: readonly Convention[]) {
    this.#conventions = conventions;
  }

  get characters(): number {
    return this.#characters;
  }

  /** True for the topic of a message that describes something. Cheap: it is asked for every message. */
  describes(topic: string): boolean {
    for (const convention of this.#conventions)
      if (convention.groupOf(topic) !== undefined) return true;
    return false;
  }

  /** Undefined for a message that describes nothing. */
  propose(topic: string, text: string, owner: DeviceId | undefined): Proposal | undefined {
    for (const convention of this.#conventions) {
      const name = convention.groupOf(topic);
      if (name === undefined) continue;
      const key = `${convention.profile} ${name}`;
      return convention.isKept(topic)
        ? this.#change(convention, key, { topic, text, ...(owner !== undefined && { owner }) })
        : nothing;
    }
    return undefined;
  }

  #change(convention: Convention, key: string, { owner, text, topic }: KeptMessage): Proposal {
    const before = this.#groups.get(key);
    const earlier = before?.messages.get(topic);
    if (text === (earlier ?? "") && before?.owner === owner) return nothing;
    if (before?.owner !== undefined && before.owner !== owner)
      return refuse(`it belongs to the device ${before.owner}, which its sender is not`);
    if (Buffer.byteLength(text) > mostMessageBytes)
      return refuse(`it has more than ${mostMessageBytes} bytes`);
    const messages = new Map(before?.messages);
    if (text === "") messages.delete(topic);
    else messages.set(topic, text);
    if (messages.size > mostMessagesOfGroup)
      return refuse(`a device has at most ${mostMessagesOfGroup} messages that describe it`);
    const cost = weigh(topic, text) - weigh(topic, earlier ?? "");
    if (this.#characters + cost > mostCharacters)
      return refuse(`all descriptions together have at most ${mostCharacters} characters`);
    if (messages.size === 0) return { kind: "change", key, before, after: undefined };
    const description = convention.read(messages);
    if (description !== undefined && "problem" in description) return refuse(description.problem);
    return { kind: "change", key, before, after: { convention, messages, owner, description } };
  }

  accept({ after, before, key }: Change): void {
    this.#characters += weighGroup(after) - weighGroup(before);
    if (after === undefined) this.#groups.delete(key);
    else this.#groups.set(key, after);
  }

  /** All messages, in the order in which their groups came first. */
  *messages(): Iterable<KeptMessage> {
    for (const { messages, owner } of this.#groups.values())
      for (const [topic, text] of messages)
        yield { topic, text, ...(owner !== undefined && { owner }) };
  }
}

function refuse(reason: string): Proposal {
  return { kind: "refused", reason };
}

function weigh(topic: string, text: string): number {
  return text === "" ? 0 : topic.length + text.length + messageCharacters;
}

function weighGroup(group: Group | undefined): number {
  let sum = 0;
  for (const [topic, text] of group?.messages ?? []) sum += weigh(topic, text);
  return sum;
}
