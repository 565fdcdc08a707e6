/** What devices said of themselves, whatever the convention they said it by. */
import type { Unit } from "../core/unit.ts";
import type { Conversion } from "../core/unit-conversion.ts";
import type { Template } from "./template/template.ts";

/** Facts about a device, by names that are the same in all conventions. */
export type Facts = Readonly<Record<string, string>>;

/** One value of a device: where it comes and what it is. */
export interface Reading {
  /** Tells it from the others of its device; the same whenever it is described again. */
  readonly key: string;
  /** Topic filter with `+` at most. */
  readonly topic: string;
  /** The name it has, unless another reading of the device was given it before. */
  readonly name: string;
  /** Where in a message the value is. */
  readonly template: Template;
  /** As it was written, to tell two readings apart. */
  readonly templateText: string;
  readonly type: "number" | "text" | "any" | "listed";
  /** What the words of the device mean. */
  readonly values?: ReadonlyMap<string, number | boolean | string>;
  readonly unit?: Unit;
  /** From the unit that the device sends in. */
  readonly conversion?: Conversion;
  /** The unit as the device names it, where it is none of those that are known. */
  readonly unknownUnit?: string;
  readonly alarm: boolean;
}

/** Where a device says that it is there. */
export interface Presence {
  readonly topic: string;
  /** Words for being there, and for being gone. */
  readonly online: readonly string[];
  readonly offline: readonly string[];
  /** Where in the message the word is; undefined for the whole of it. */
  readonly template: Template | undefined;
}

/** What the messages of one group say; see `Convention`. */
export interface Description {
  /** What tells the device from all others of its family. */
  readonly device: string;
  readonly facts: Facts;
  readonly readings: readonly Reading[];
  readonly presences: readonly Presence[];
  /** Topics with nothing to store: commands to the device, attributes for people. */
  readonly passedOver: readonly string[];
  /** How often it reports at least. */
  readonly intervalMs?: number;
  /** It speaks through another device. */
  readonly isBehindAnother: boolean;
  /** Topics of the device; whoever reads them already is told the facts. */
  readonly topics: readonly string[];
  /** Topics of its own that are read as if they were others, by all but the last level. */
  readonly readAs: ReadonlyMap<string, string>;
  /** What could not be taken, one sentence each. */
  readonly leftOut: readonly string[];
}

/** A way in which devices describe themselves. */
export interface Convention {
  /** As the profile of its devices is called: `homeassistant/discovery`. */
  readonly profile: string;
  /** How ids of its devices begin. */
  readonly family: string;
  /**
   * The group of messages that describe one thing together, of which this is one; undefined for a
   * message that describes nothing. Asked for every message: cheap.
   */
  groupOf(topic: string): string | undefined;
  /** False for a message of a group that says nothing about what the device sends. */
  isKept(topic: string): boolean;
  /**
   * What the messages of a group say, by their topics; undefined where that is nothing yet. Never
   * throws.
   */
  read(
    messages: ReadonlyMap<string, string>,
  ): Description | { readonly problem: string } | undefined;
}

/** A description without anything in it. */
export const emptyDescription = {
  facts: {},
  readings: [],
  presences: [],
  passedOver: [],
  isBehindAnother: false,
  topics: [],
  readAs: new Map<string, string>(),
  leftOut: [],
} satisfies Omit<Description, "device">;
