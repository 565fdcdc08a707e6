import type { Quality } from "../../core/measurement.ts";
import type { Properties } from "../../normalize/codecs/sparkplug/property-set.ts";

/**
 * What the property `Quality` says: 0, 192 and 500 of the specification, and the codes of OPC and of
 * Ignition around them. A stale value was right once, which is what `uncertain` means.
 */
export function qualityOf(properties: Properties | undefined): Quality {
  const value = (properties?.get("Quality") ?? properties?.get("quality"))?.value;
  if (value?.kind !== "int" && value?.kind !== "long") return "good";
  const whole = BigInt.asUintN(32, BigInt(value.value));
  const code = Number(whole & 0xffffn);
  // Ignition has the level in the two highest bits, and what is behind 16 is none of the code.
  if (code === 0 && whole >> 30n === 1n) return "uncertain";
  if (code >= 192 && code < 256) return "good";
  if (code < 64) return "bad";
  return code < 512 ? "uncertain" : "bad";
}
