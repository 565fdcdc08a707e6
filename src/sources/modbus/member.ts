/** One device of a bus: how it is, and what is known of how it wants to be asked. */
import type { DeviceId } from "../../core/ids.ts";
import type { PollGroup, RegisterBlock } from "../../core/poll-plan.ts";
import type { ModelPlace } from "./model-chain.ts";
import { MuteBlocks } from "./mute-blocks.ts";

/** A block that is asked for in parts, or only whole since no part is to be had either. */
type Way = "parts" | "whole";

export class Member {
  readonly device: DeviceId;
  readonly unit: number;
  /** Polls in a row without a word of it. */
  misses = 0;
  state: "online" | "offline" | undefined;
  /** When it said something last, gateway time. */
  lastAnswerMs: number | undefined;
  /** Why the last poll brought less than all; undefined where it brought all. */
  trouble: string | undefined;
  /** Requests that may still be answered, by their shape: another of the same shape waits for that. */
  readonly owed = new Map<string, { readonly what: string; readonly untilMs: number }>();
  /** Where its SunSpec models are, and when they were found; undefined until they were looked for. */
  models: { readonly places: readonly ModelPlace[]; readonly foundMs: number } | undefined;
  /** What it was read of last, as planned and as asked for. */
  proof: { readonly block: RegisterBlock; readonly real: RegisterBlock } | undefined;
  readonly mute = new MuteBlocks();
  #ways = new WeakMap<RegisterBlock, Way>();

  constructor(device: DeviceId, unit: number) {
    this.device = device;
    this.unit = unit;
  }

  /** It was gone, or is asked for other things: when it is there it may be another. */
  forget(): void {
    this.models = undefined;
    this.proof = undefined;
    this.#ways = new WeakMap();
    this.mute.forget();
  }

  /** Its line was told to be gone, and the device with it. */
  lost(): void {
    this.state = undefined;
  }

  /** How a block is asked for, as far as that was found out. */
  way(block: RegisterBlock): Way | undefined {
    return this.#ways.get(block);
  }

  learn(block: RegisterBlock, way: Way): void {
    this.#ways.set(block, way);
  }

  /** The model of a group, if the device has it. */
  modelOf({ models = [], nth = 1 }: PollGroup): ModelPlace | undefined {
    return this.models?.places.filter(({ id }) => models.includes(id))[nth - 1];
  }
}
