/** The device that a discovery message is about. */
import { isObject } from "../../core/is-object.ts";
import type { Facts } from "../description.ts";
import { writeOutDevice } from "./abbreviations.ts";
import type { DiscoveryTopic } from "./discovery-topic.ts";

export interface DeviceEntry {
  /** Tells it from all others. */
  readonly word: string;
  readonly facts: Facts;
  /** The name that people see; empty where it has none. */
  readonly name: string;
  /** What names of entities may begin with, since firmwares write the device in front. */
  readonly names: readonly string[];
  readonly isBehindAnother: boolean;
}

/** What is taken down of a device, by the name of the fact. */
const factKeys = {
  name: "name",
  manufacturer: "manufacturer",
  model: "model",
  model_id: "model_id",
  sw_version: "sw_version",
  hw_version: "hw_version",
  serial_number: "serial_number",
  area: "suggested_area",
  via: "via_device",
} as const;

const mostFactCharacters = 128;

/**
 * The first of `identifiers` names the device, else the address of its first connection, else its
 * place among the topics. An equals sign in front keeps the three apart.
 */
export function readDeviceEntry(value: unknown, topic: DiscoveryTopic): DeviceEntry {
  const entry = isObject(value) ? writeOutDevice(value) : {};
  const facts: Record<string, string> = {};
  for (const [fact, key] of Object.entries(factKeys)) {
    const text = toText(entry[key]);
    if (text !== undefined) facts[fact] = text.slice(0, mostFactCharacters);
  }
  const identifiers = listOf(entry["identifiers"]).map(toText);
  const [first] = identifiers;
  const address = addressOf(entry["connections"]);
  const place = topic.node ?? topic.object;
  const name = facts["name"] ?? "";
  return {
    word: first !== undefined ? beginOtherwise(first) : `=${address ?? `topic-${place}`}`,
    facts,
    name,
    names: [name, facts["model"], facts["model_id"], ...identifiers, topic.node].flatMap(
      (one) => one ?? [],
    ),
    isBehindAnother: facts["via"] !== undefined,
  };
}

function addressOf(connections: unknown): string | undefined {
  const [first] = listOf(connections);
  const [kind = "", address] = listOf(first).map(toText);
  if (address === undefined || kind === "topic" || !/^[a-z]+$/.test(kind)) return undefined;
  return `${kind}-${kind === "mac" ? address.toLowerCase() : address}`;
}

function beginOtherwise(word: string): string {
  return word.startsWith("=") ? `=${word}` : word;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A text that says something. Numbers are written out, since some firmwares send them bare. */
export function toText(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}
