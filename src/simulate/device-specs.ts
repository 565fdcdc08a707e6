/** Devices for a demo, a test or an empty site. */
import type { DeviceSpec } from "./device.ts";

/**
 * `count` devices that report every `everyMs`: of three, two are freezers and one is a motor, but
 * every twelfth is a weather mast. Ids are `freezer-01`, `motor-01`, `mast-01`, ...
 */
export function deviceSpecs(count: number, everyMs: number): DeviceSpec[] {
  const specs: DeviceSpec[] = [];
  const made = { freezer: 0, motor: 0, mast: 0 };
  for (let at = 1; at <= count; at += 1) {
    const family = at % 12 === 0 ? "mast" : at % 3 === 0 ? "motor" : "freezer";
    made[family] += 1;
    specs.push({ id: `${family}-${String(made[family]).padStart(2, "0")}`, family, everyMs });
  }
  return specs;
}
