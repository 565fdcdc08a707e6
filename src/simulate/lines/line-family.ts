/** What a simulated device at a serial line is. */
import type { Clock } from "../../core/clock.ts";
import type { Random } from "../../core/retry.ts";
import type { Values } from "../behavior.ts";

/** What a device says at once: a telegram, a sentence, an answer. */
export interface LineFrame {
  readonly bytes: Uint8Array;
  /** A byte of its checksum, as a digit or by itself: changed, it makes the checksum wrong. */
  readonly checksumAt?: number;
  /** The number of the reading in it, where it carries one. */
  readonly number?: number;
}

/** The port that a device is at. */
export interface LinePort {
  /** Frames leave in the order of the calls. */
  write(frame: LineFrame): void;
  /** Bytes for the device, as they come. One listener; a later one takes its place. */
  onData(hear: (bytes: Uint8Array) => void): void;
}

/** What a device lives by. */
export interface LineSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  /** How often it speaks by itself. */
  readonly everyMs: number;
  /** The number of the next reading, from 1; goes on over a restart of the device. */
  nextNumber(): number;
  /** For devices that answer: whether this answer is to go wrong so. Asked once for each. */
  goesWrong(how: "exception" | "late"): boolean;
}

/** A device that is switched on. */
export interface LineDevice {
  /** Without effect when it is off. */
  off(): void;
}

/** How ports are set for it. */
export interface LineSettings {
  readonly baud: number;
  readonly dataBits: 7 | 8;
  readonly parity: "none" | "even" | "odd";
}

/** Devices of one kind. */
export interface LineFamily {
  /** As `sluicegate sim line` takes it: small letters, digits, hyphens. */
  readonly name: string;
  /** A few words for people. */
  readonly about: string;
  readonly settings: LineSettings;
  /** How often it speaks unless told otherwise; how real ones do. */
  readonly everyMs: number;
  /** It answers who asks, and says nothing by itself. */
  readonly isAsked?: true;
  /** Its frames are not protected, so none can be wrong. */
  readonly hasChecksum?: false;
  /** Switches one on. */
  open(port: LinePort, surroundings: LineSurroundings): LineDevice;
  /** The same device behind TCP in the form that TCP has for it, where there is one. */
  openAtTcp?(port: LinePort, surroundings: LineSurroundings): LineDevice;
  /** For devices that speak by themselves: what can be held against what was stored. */
  readonly told?: ToldReadings;
}

/** What is measured follows from the number of the reading alone, so each value can be checked. */
export interface ToldReadings {
  /** The profile that reads it. */
  readonly profile: string;
  /** The values of a reading by the names and in the units of that profile; others may be beside them. */
  values(number: number): Values;
  /** Of a metric that tells the number, the number. */
  readonly counter: { readonly metric: string; numberOf(value: number): number };
}
