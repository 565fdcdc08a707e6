/**
 * A freezer with a thermostat and a door.
 *
 * Its air follows the heat around it at first order. The time constants are those of a small
 * display freezer in a hurry: with the door open it is too warm within seconds, so that a person
 * who watches sees it happen.
 */
import type { Random } from "../core/retry.ts";
import type { Behavior } from "./behavior.ts";
import { approach, rounded } from "./behavior.ts";
import { usualSetPoint } from "./freezer-orders.ts";
import { noise } from "./seeded-random.ts";

const room = 21;
const coil = -32;
/** The thermostat switches so far above and below what it is set to. */
const slack = 0.5;
const doorOpenMs = 30_000;
const wallsMs = 600_000;
const coolingMs = 15_000;

/** Gives `temperature` in °C, `door` (true is open) and `compressor` (true is running). */
export function createFreezer(random: Random): Behavior {
  let air = usualSetPoint - slack + random();
  let compressor = false;
  return (dtMs, { doorOpen, setPoint }) => {
    const offBelow = setPoint - slack;
    if (air > setPoint + slack) compressor = true;
    else if (air < offBelow) compressor = false;
    // Against an open door the compressor is lost.
    if (doorOpen) air = approach(air, room, dtMs / doorOpenMs);
    else if (compressor) air = approach(air, coil, dtMs / coolingMs);
    else air = approach(air, room, dtMs / wallsMs);
    air = Math.max(air, offBelow - 1);
    return { temperature: rounded(air + noise(random, 0.05), 2), door: doorOpen, compressor };
  };
}
