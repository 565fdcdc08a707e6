/**
 * The Homie convention. Up to version 4 a device says what it has in one small message for each
 * attribute, `homie/<device>/<node>/<property>/$unit`; since version 5 in one document.
 */
import { isObject } from "../../core/is-object.ts";
import { json } from "../../normalize/codecs/json.ts";
import { type Convention, type Description, emptyDescription, type Facts } from "../description.ts";
import { propertyReading } from "./property.ts";

/** Attributes that say what a device has and sends. */
const kept = new Set([
  ...["$homie", "$name", "$nodes", "$properties", "$datatype", "$unit", "$format"],
  ...["$implementation", "$fw/name", "$fw/version", "$description"],
]);
/** Messages that are no attributes in spite of their sign. */
const notAttributes = new Set(["$state", "$target", "$log", "$alert", "$broadcast"]);
const online = ["ready", "init", "alert", "sleeping"];
const offline = ["lost", "disconnected"];

export const homie: Convention = {
  profile: "homie/device",
  family: "homie",
  groupOf(topic) {
    if (!topic.startsWith("homie/") || !topic.includes("/$")) return undefined;
    const { attribute, base } = partsOf(topic);
    return base === undefined || notAttributes.has(attribute.split("/")[0] ?? "")
      ? undefined
      : base;
  },
  isKept: (topic) => kept.has(partsOf(topic).attribute),
  read(messages) {
    const [first] = messages.keys();
    const { base } = partsOf(first ?? "");
    if (base === undefined) return undefined;
    const document = messages.get(`${base}/$description`);
    if (document !== undefined) return readDocument(base, document);
    return messages.has(`${base}/$homie`) ? readAttributes(base, messages) : undefined;
  },
};

/** The topic of the device, and what stands from the first `$` on. */
function partsOf(topic: string): { readonly base: string | undefined; readonly attribute: string } {
  const at = topic.indexOf("/$");
  const attribute = topic.slice(at + 1);
  const [, device = "", second] = topic.slice(0, at).split("/");
  if (at < 0 || device === "") return { base: undefined, attribute };
  // A device of version 4 may be called 5.
  const isDocument = device === "5" && second !== undefined;
  return { base: isDocument ? `homie/5/${second}` : `homie/${device}`, attribute };
}

function readDocument(base: string, text: string): Description | { readonly problem: string } {
  const decoded = json.decode(text, 0);
  if (!decoded.ok || !isObject(decoded.value))
    return { problem: "the description of a Homie device is a JSON object" };
  const { name, nodes, parent, root, version } = decoded.value;
  const properties = entriesOf(nodes).flatMap(([node, { properties: list }]) =>
    entriesOf(list).map(([id, property]) => ({ node, id, property })),
  );
  return describe(
    base,
    { ...factOf("name", name), ...factOf("sw_version", version) },
    properties,
    parent !== undefined || root !== undefined,
  );
}

function readAttributes(base: string, messages: ReadonlyMap<string, string>): Description {
  const at = (place: string): string | undefined => messages.get(`${base}/${place}`);
  const properties = listOf(at("$nodes")).flatMap((node) =>
    listOf(at(`${node}/$properties`)).map((id) => ({
      node,
      id,
      property: {
        datatype: at(`${node}/${id}/$datatype`),
        unit: at(`${node}/${id}/$unit`),
        format: at(`${node}/${id}/$format`),
      },
    })),
  );
  const firmware = [at("$fw/name"), at("$fw/version")].filter((one) => one !== undefined).join(" ");
  const facts = {
    ...factOf("name", at("$name")),
    ...factOf("model", at("$implementation")),
    ...factOf("sw_version", firmware),
  };
  return describe(base, facts, properties, false);
}

interface PropertyEntry {
  readonly node: string;
  readonly id: string;
  readonly property: Readonly<Record<string, unknown>>;
}

function describe(
  base: string,
  facts: Facts,
  entries: readonly PropertyEntry[],
  isBehindAnother: boolean,
): Description {
  const readings = entries.flatMap(
    ({ id, node, property }) => propertyReading(base, node, id, property) ?? [],
  );
  return {
    ...emptyDescription,
    device: wordOf(base),
    facts,
    readings,
    presences: [{ topic: `${base}/$state`, online, offline, template: undefined }],
    passedOver: entries.map(({ id, node }) => `${base}/${node}/${id}/set`),
    topics: readings.map(({ topic }) => topic),
    isBehindAnother,
  };
}

/** Since version 5 with the version in front: the same name may have been given before. */
function wordOf(base: string): string {
  const name = base.slice("homie/".length);
  if (name.startsWith("5/")) return `=5-${name.slice(2)}`;
  return name.startsWith("=") ? `=${name}` : name;
}

function entriesOf(value: unknown): [string, Readonly<Record<string, unknown>>][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => (isObject(entry) ? [[key, entry]] : []));
}

/** Ids with commas between them; arrays of nodes, `lights[]`, are not read. */
function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => /^[a-z0-9][a-z0-9-]*$/i.test(one));
}

function factOf(name: string, value: unknown): Facts {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? { [name]: text.slice(0, 128) } : {};
}
