/** Sensors that look at the machines, and what goes wrong with sensors. */
import type { Random } from "../core/retry.ts";
import type { Behavior, Surroundings, Values } from "./behavior.ts";
import { createFreezer } from "./freezer.ts";
import { createMast } from "./mast.ts";
import { createMotor } from "./motor.ts";

/** The machines that can be simulated. */
export type Family = "freezer" | "motor" | "mast";

interface FamilyFacts {
  create(random: Random): Behavior;
  /** The quantity that a drifting sensor gets wrong. */
  readonly drifting: string;
}

export const families: Readonly<Record<Family, FamilyFacts>> = {
  freezer: { create: createFreezer, drifting: "temperature" },
  motor: { create: createMotor, drifting: "winding_temp" },
  mast: { create: createMast, drifting: "temperature" },
};

/** What is wrong with a sensor. */
export interface Faults {
  /** Makes no readings, though it stays connected. */
  readonly silent: boolean;
  /** Repeats its last reading, whatever the machine does. */
  readonly stuck: boolean;
  /** How much more it reads with every hour. */
  readonly driftPerHour: number;
  /** How far its clock is ahead of the right time; negative when it is slow. */
  readonly clockOffsetMs: number;
}

export const healthy: Faults = { silent: false, stuck: false, driftPerHour: 0, clockOffsetMs: 0 };

/** Reads the machine after `dtMs` more of its life. */
export type Sensor = (dtMs: number, surroundings: Surroundings, faults: Faults) => Values;

/** A sensor at a new machine of the family. What drifted stays drifted when the drift ends. */
export function createSensor(family: Family, random: Random): Sensor {
  const { create, drifting } = families[family];
  const machine = create(random);
  let drift = 0;
  let last: Values | undefined;
  return (dtMs, surroundings, faults) => {
    const values = machine(dtMs, surroundings);
    drift += (faults.driftPerHour * dtMs) / 3_600_000;
    if (faults.stuck && last) return last;
    const value = values[drifting];
    const shifted = drift !== 0 && typeof value === "number";
    last = shifted ? { ...values, [drifting]: Number((value + drift).toFixed(2)) } : values;
    return last;
  };
}
