/** What this room needs to know of a device's command; profiles say it, and others read those. */
import type { DeviceWrite } from "../core/device-write.ts";
import type { RawMessage } from "../core/message.ts";

/** What a device said about a command. */
export interface CommandAnswer {
  readonly accepted: boolean;
  /** For people, where it said anything. */
  readonly text?: string;
  /** What it sent. */
  readonly answer?: string;
}

/** A command with its parameters filled in, ready to leave. */
export interface PreparedCommand {
  readonly write: DeviceWrite;
  /** So often it may leave where no answer comes; above 1 only where it is `repeatable`. */
  readonly tries: number;
  /** The device takes it twice without harm. */
  readonly repeatable: boolean;
  /** So long an answer is waited for, or the end of a write. */
  readonly timeoutMs: number;
  /**
   * The answer in a message; undefined where it is none. Absent where the device never answers. Cheap
   * for messages of other topics and devices, and never throws.
   */
  readonly answerIn?: (message: RawMessage) => CommandAnswer | undefined;
  /**
   * Where answers come in, so that others are not looked at: addresses, beginnings of addresses with the
   * slash that ends them, and devices. Absent where it may be anywhere.
   */
  readonly answersAt?: readonly string[];
}

/**
 * What can be made of a command now. `refused`: its device cannot do it, or not so; in words for
 * people. `unknown`: the gateway does not know the device.
 */
export type Preparation =
  | { readonly prepared: PreparedCommand }
  | { readonly refused: string }
  | { readonly unknown: string };
