/** Everything that a gateway knows of one of its devices. */
import type { DevicePage } from "../../../api/shapes/device.ts";
import type { DeviceId } from "../../../core/ids.ts";
import { isObject } from "../../../core/is-object.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { declaredCommands } from "./declared-commands.ts";
import { rowsOfGateway, valuesOf } from "./gateway-device-rows.ts";

/** Undefined where it has no such device. */
export function devicePageOf(facts: GatewayFacts, device: DeviceId): DevicePage | undefined {
  const { descriptionOf, recordOf, registry, unread } = facts.devices;
  const row = rowsOfGateway(facts).of(device);
  if (row === undefined) return undefined;
  const entry = registry.get(device);
  const record = recordOf(device);
  const profile = facts.known(device)?.profile;
  return {
    row,
    firstMs: entry?.firstMs ?? null,
    topic: entry?.topic ?? null,
    cause: entry?.link?.cause ?? null,
    tags: { ...record?.tags },
    attrs: textsOf(record?.attrs),
    values: valuesOf(entry, Number.POSITIVE_INFINITY),
    misfits: (entry?.misfits ?? []).map(({ count, lastMs, reason }) => ({ reason, count, lastMs })),
    unread: unread()
      .filter((one) => one.profile === row.profile)
      .map(({ count, place, sample }) => ({ path: place, sample, count })),
    description: describe(descriptionOf(device)),
    commands: declaredCommands(profile),
    notKnown: profile ? [] : ["its profile is not loaded here, so its commands are not known"],
  };
}

export function textsOf(attrs: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, String(value)]));
}

/** A line for each thing that it says of itself. */
function describe(said: object | undefined): string | null {
  if (said === undefined) return null;
  const lines = Object.entries(said).flatMap(([name, value]) => linesOf(name, value));
  return lines.join("\n");
}

function linesOf(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.map((one) => `${name}: ${wordsOf(one)}`);
  return value === undefined ? [] : [`${name}: ${wordsOf(value)}`];
}

function wordsOf(value: unknown): string {
  if (!isObject(value)) return String(value);
  const words = Object.entries(value).filter(([, one]) => one !== undefined && one !== "");
  return words
    .map(([name, one]) => `${name} ${isObject(one) ? wordsOf(one) : String(one)}`)
    .join(", ");
}
