/** Names of quantities, for who types one. */
import { type DeviceSources, devicesOf } from "./device-rows.ts";

/** More are not looked through at each key. */
const mostNames = 1_000;

/** `{metrics}`: of what devices said last, each once. */
export function listMetricNames(sources: DeviceSources): object {
  const names = new Set<string>();
  for (const [, entry] of devicesOf(sources)) {
    if (names.size >= mostNames) break;
    for (const name of entry?.values.keys() ?? []) names.add(name);
  }
  return { metrics: Array.from(names, (name) => ({ name })) };
}
