/**
 * What an operator, or a plan, wants a device to do, and what became of it.
 *
 * A command stands in the stream of commands as a CloudEvent; each step of it is a `reply` event of its
 * device, which goes the way of all events.
 */
import type { EpochMs } from "./clock.ts";
import type { DeviceId, GatewayId, SiteId } from "./ids.ts";

/** A parameter of a command. */
export type CommandValue = number | boolean | string;

/** A command, as it was issued. */
export interface Command {
  /** Unique for ever; made by whoever issues it. 1 to 128 letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly site: SiteId;
  readonly gateway: GatewayId;
  readonly device: DeviceId;
  /** As the profile of the device names it. */
  readonly name: string;
  readonly params: Readonly<Record<string, CommandValue>>;
  /** When it was issued, by the clock of who did. */
  readonly issuedMs: EpochMs;
  /** Nothing is sent from this moment on. */
  readonly expiresMs: EpochMs;
  /** Who: a name of a person or a program. */
  readonly by: string;
  readonly reason?: string;
  /** The run of a plan that it is a step of. */
  readonly run?: string;
}

/** Takes a command back, as far as nothing of it was sent. */
export interface CommandCancel {
  /** Of the command. */
  readonly id: string;
  readonly site: SiteId;
  readonly gateway: GatewayId;
  readonly device: DeviceId;
  readonly issuedMs: EpochMs;
  readonly by: string;
  readonly reason?: string;
}

/**
 * How far a command is.
 *
 * - `queued`: the gateway has it on disk, and it waits for its turn or for its device.
 * - `sent`: it is about to leave, or has left.
 * - `delivered`: the other side said that it has it.
 * - `acknowledged`: the device said that it did it.
 * - `refused`: the device, or the gateway, said no. It had no effect.
 * - `failed`: it could not be done. It had no effect.
 * - `timed-out`: it left, as often as it may, and the device never answered. The effect is not known.
 * - `expired`: its time ended before anything left.
 * - `cancelled`: it was taken back before anything left.
 * - `unknown`: nobody can tell whether it had an effect.
 */
export const commandStates = [
  "queued",
  "sent",
  "delivered",
  "acknowledged",
  "refused",
  "failed",
  "timed-out",
  "expired",
  "cancelled",
  "unknown",
] as const;
export type CommandState = (typeof commandStates)[number];

/** The body of a `reply` event: one step of a command. */
export interface CommandReply {
  /** Id of the command. */
  readonly command: string;
  /** Its name. */
  readonly name: string;
  readonly state: CommandState;
  /** 1 for the first step of this command, and one more for each that follows. */
  readonly step: number;
  /** Nothing follows. */
  readonly final: boolean;
  /** Which try, from 1, where something was sent. */
  readonly attempt?: number;
  /** For people, such as why; at most 256 characters. */
  readonly text?: string;
  /** What the device answered, at most 1,024 characters. */
  readonly answer?: string;
  /** RFC 3339; until when it may still be sent, of one that waits. */
  readonly validUntil?: string;
  /** The run of a plan that it is a step of. */
  readonly run?: string;
}
