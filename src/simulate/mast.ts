import type { Random } from "../core/retry.ts";
import { approach, type Behavior, rounded } from "./behavior.ts";
import { noise } from "./seeded-random.ts";

const gustMs = 4_000;
const weatherMs = 900_000;

/**
 * A weather mast. Gives `wind_speed` in m/s, `wind_direction` in degrees from north,
 * `temperature` in °C, `humidity` in %RH and `pressure` in hPa: gusts around a mean wind, and a
 * weather that drifts so slowly that minutes look alike.
 */
export function createMast(random: Random): Behavior {
  const meanWind = 3 + 6 * random();
  let wind = meanWind;
  let direction = 360 * random();
  let temperature = 4 + 10 * random();
  let pressure = 1_005 + 16 * random();
  return (dtMs) => {
    // Wandering has the same spread whatever the length of a step.
    const step = Math.sqrt(dtMs / 1_000);
    wind = Math.max(0, approach(wind, meanWind, dtMs / gustMs) + noise(random, 0.5) * step);
    direction = (direction + noise(random, 2) * step + 360) % 360;
    temperature = approach(temperature, 9, dtMs / weatherMs) + noise(random, 0.01) * step;
    pressure = approach(pressure, 1_013, dtMs / weatherMs) + noise(random, 0.02) * step;
    return {
      wind_speed: rounded(wind, 1),
      wind_direction: Math.round(direction) % 360,
      temperature: rounded(temperature, 1),
      humidity: rounded(Math.min(100, Math.max(15, 95 - 2.2 * temperature)), 1),
      pressure: rounded(pressure, 1),
    };
  };
}
