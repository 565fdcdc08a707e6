/** Nodes and devices as devices with a profile, which is made of their births. */
import { bug } from "../../core/errors.ts";
import { fnv1a32 } from "../../core/fnv1a.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { KnownDevice } from "../../normalize/known-device.ts";
import { parseProfile } from "../../normalize/language/parse-profile.ts";
import type { MetricMapping, Profile } from "../../normalize/profile.ts";
import type { BirthTable } from "./birth-table.ts";
import { mostMetricsListed } from "./bounds.ts";
import { family } from "./device-id.ts";

export const nodeProfile = "sparkplug/node";
export const deviceProfile = "sparkplug/device";

/** The same table gives the same edition. */
export function knownMember(
  id: DeviceId,
  word: string | undefined,
  table: BirthTable | undefined,
): KnownDevice {
  const model = word === undefined ? models.node : models.device;
  const profile: Profile = {
    ...model,
    id: `${model.name}@${table === undefined ? "unborn" : editionOf(table)}`,
    metrics: table === undefined ? [] : metricsOf(model, table),
    ...(table !== undefined && { attrs: attrsOf(table) }),
  };
  return { id, word, profile, configured: undefined };
}

function editionOf({ definitions }: BirthTable): string {
  let text = "";
  for (const { name, type, unitWord } of definitions.values())
    text += `${name}\0${type}\0${unitWord}\n`;
  return fnv1a32(text).toString(16).padStart(8, "0");
}

function metricsOf(model: Profile, { definitions }: BirthTable): readonly MetricMapping[] {
  const [mapping = bug("the model of profiles has no metric")] = model.metrics;
  const metrics: MetricMapping[] = [];
  for (const { name, unit } of definitions.values()) {
    if (metrics.length === mostMetricsListed) break;
    metrics.push({ ...mapping, name, ...(unit !== undefined && { unit }) });
  }
  return metrics;
}

/** Units that are none of those that are known, by metric; and that not all metrics are listed. */
function attrsOf({ definitions }: BirthTable): Readonly<Record<string, string>> {
  const attrs: Record<string, string> = {};
  if (definitions.size > mostMetricsListed) attrs["metrics"] = String(definitions.size);
  let count = 0;
  for (const { name, unit, unitWord } of definitions.values()) {
    if (unit !== undefined || unitWord === "" || count === mostMetricsListed) continue;
    attrs[`unit_${name}`] = unitWord;
    count += 1;
  }
  return attrs;
}

function modelOf(profile: string, about: string): Profile {
  const checked = parseProfile({
    profile,
    version: 1,
    about,
    family,
    codec: "sparkplug",
    time: "none",
    metrics: [{ name: "any", path: "$", type: "any" }],
    skip: ["**"],
    examples: [{ topic: "any", payload: "", expect: { status: "online" } }],
  });
  return checked.ok
    ? checked.value
    : bug(`the model of profiles has faults: ${JSON.stringify(checked.faults)}`);
}

const models = {
  node: modelOf(nodeProfile, "An edge node of Sparkplug B."),
  device: modelOf(deviceProfile, "A device behind an edge node of Sparkplug B."),
};
