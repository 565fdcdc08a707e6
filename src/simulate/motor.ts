import type { Random } from "../core/retry.ts";
import { approach, type Behavior, rounded } from "./behavior.ts";
import { noise } from "./seeded-random.ts";

const ambient = 24;
const synchronousSpeed = 1_500;
const loadMs = 8_000;
const windingMs = 120_000;

/**
 * A four-pole induction motor whose load wanders. Gives `current` in A, `winding_temp` in °C and
 * `speed` in 1/min: current follows the load, heat the square of the current, slip the load.
 */
export function createMotor(random: Random): Behavior {
  let load = 0.6 + 0.2 * random();
  let demand = load;
  let winding = ambient + 45 * load * load;
  return (dtMs) => {
    if (random() < dtMs / 20_000) demand = 0.4 + 0.5 * random();
    load = approach(load, demand, dtMs / loadMs);
    const current = 4 + 12 * load + noise(random, 0.08);
    winding = approach(winding, ambient + 0.28 * current * current, dtMs / windingMs);
    return {
      current: rounded(current, 2),
      winding_temp: rounded(winding + noise(random, 0.1), 1),
      speed: Math.round(synchronousSpeed * (1 - 0.04 * load) + noise(random, 1)),
    };
  };
}
