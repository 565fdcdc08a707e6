/** One entity of a discovery message, with its keys written out and its topics completed. */
import { isObject } from "../../core/is-object.ts";
import { slug, slugBehind } from "../slug.ts";
import { writeOut } from "./abbreviations.ts";
import { type DeviceEntry, toText } from "./device-entry.ts";

export interface Entity {
  readonly component: string;
  /** Tells it from the others of its device. */
  readonly key: string;
  /** How its metrics are called, or begin; empty where it is the device's one and only. */
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The fields of a message with the base topic `~` put in where it stands in a topic. */
export function completeFields(
  written: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields = { ...writeOut(written) };
  const base = toText(fields["~"]);
  for (const [key, value] of Object.entries(fields))
    if (key === "topic" || key.endsWith("_topic")) fields[key] = completeTopic(value, base);
  const { availability } = fields;
  if (Array.isArray(availability) || isObject(availability))
    fields["availability"] = [availability]
      .flat()
      .filter(isObject)
      .map((one) => {
        const entry = writeOut(one);
        return { ...entry, topic: completeTopic(entry["topic"], base) };
      });
  return fields;
}

function completeTopic(value: unknown, base: string | undefined): unknown {
  if (typeof value !== "string" || base === undefined) return value;
  if (value.startsWith("~")) return base + value.slice(1);
  return value.endsWith("~") ? value.slice(0, -1) + base : value;
}

/**
 * Names the entity: as people see it without its device, else after its device class, else after what
 * its topics call it. What it is called does not depend on other entities.
 */
export function nameEntity(
  component: string,
  object: string,
  fields: Readonly<Record<string, unknown>>,
  device: DeviceEntry,
): Entity {
  const identifier = toText(fields["unique_id"]) ?? toText(fields["object_id"]);
  const beginnings = device.names.map(slug);
  const seen = toText(fields["name"]);
  const isDevice = seen !== undefined && slug(seen) === slug(device.name);
  const named = seen === undefined || isDevice ? "" : slugBehind(seen, beginnings);
  const kind = toText(fields["device_class"]);
  const called = slugBehind(object, beginnings);
  const isOnly = seen === undefined || isDevice;
  return {
    component,
    key: `${component}/${identifier ?? object}`,
    name:
      named !== "" ? named : slug(kind ?? (isOnly && beginnings.includes(called) ? "" : called)),
    fields,
  };
}
