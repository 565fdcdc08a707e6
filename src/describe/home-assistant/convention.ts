/** Home Assistant's MQTT discovery: messages for one entity, and messages for a whole device. */
import { isObject } from "../../core/is-object.ts";
import { json } from "../../normalize/codecs/json.ts";
import {
  type Convention,
  type Description,
  emptyDescription,
  type Presence,
} from "../description.ts";
import { type DeviceEntry, readDeviceEntry, toText } from "./device-entry.ts";
import { type DiscoveryTopic, parseDiscoveryTopic } from "./discovery-topic.ts";
import { completeFields, type Entity, nameEntity } from "./entity.ts";
import { presencesOf } from "./presences.ts";
import { readingsOf } from "./readings.ts";
import { triggerOf } from "./triggers.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What all entities of a message may share with it. */
const sharedKeys = [
  ...["state_topic", "command_topic", "encoding", "availability", "availability_topic"],
  ...["availability_template", "availability_mode", "payload_available", "payload_not_available"],
];
const mostEntities = 256;

/** `prefix` is the topic in front of all discovery messages. */
export function homeAssistant(prefix: string): Convention {
  return {
    profile: "homeassistant/discovery",
    family: "ha",
    groupOf: (topic) => (parseDiscoveryTopic(prefix, topic) === undefined ? undefined : topic),
    isKept: () => true,
    read(messages) {
      for (const [topic, text] of messages) {
        const place = parseDiscoveryTopic(prefix, topic);
        if (place !== undefined) return readMessage(place, text);
      }
      return undefined;
    },
  };
}

function readMessage(
  place: DiscoveryTopic,
  text: string,
): Description | { readonly problem: string } {
  const decoded = json.decode(text, 0);
  if (!decoded.ok || !isObject(decoded.value))
    return { problem: "a discovery message is a JSON object" };
  const fields = completeFields(decoded.value);
  const device = readDeviceEntry(fields["device"], place);
  return place.component === "device"
    ? describe(device, partsOf(fields, device))
    : describe(device, [nameEntity(place.component, place.object, fields, device)]);
}

/** Each part of a message about a whole device, with what it shares with the others. */
function partsOf(fields: Fields, device: DeviceEntry): Entity[] {
  const { components } = fields;
  if (!isObject(components)) return [];
  const shared = Object.fromEntries(
    ["~", ...sharedKeys].flatMap((key) => (key in fields ? [[key, fields[key]]] : [])),
  );
  return Object.entries(components)
    .slice(0, mostEntities + 1)
    .flatMap(([key, part]) => {
      if (!isObject(part)) return [];
      const own = completeFields({ ...shared, ...part });
      const component = toText(own["platform"]);
      return component === undefined ? [] : [nameEntity(component, key, own, device)];
    });
}

function describe(
  device: DeviceEntry,
  entities: readonly Entity[],
): Description | { readonly problem: string } {
  if (entities.length > mostEntities)
    return { problem: `a description has at most ${mostEntities} entities` };
  const leftOut: string[] = [];
  const readings = entities.flatMap((entity) => {
    if (entity.component !== "device_automation") return readingsOf(entity, leftOut);
    return triggerOf(entity.fields, entity.key, leftOut) ?? [];
  });
  const presences = new Map<string, Presence>();
  for (const { fields } of entities)
    for (const presence of presencesOf(fields, leftOut)) presences.set(presence.topic, presence);
  const intervals = entities
    .map(({ fields }) => Number(fields["expire_after"]))
    .filter((seconds) => seconds >= 1 && seconds <= 7 * 86_400);
  return {
    ...emptyDescription,
    device: device.word,
    facts: device.facts,
    readings,
    presences: [...presences.values()].filter(
      ({ topic }) => !readings.some((reading) => reading.topic === topic),
    ),
    passedOver: entities.flatMap(({ fields }) => topicsPassedOver(fields)),
    topics: [...new Set(readings.map(({ topic }) => topic))],
    isBehindAnother: device.isBehindAnother,
    ...(intervals.length > 0 && { intervalMs: Math.min(...intervals) * 1_000 }),
    leftOut: [...new Set(leftOut)],
  };
}

/** Commands to the device, and attributes for people. */
function topicsPassedOver(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    (key.endsWith("command_topic") || key === "json_attributes_topic") && typeof value === "string"
      ? [value]
      : [],
  );
}
