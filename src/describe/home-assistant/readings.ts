/** What an entity has to read: its values with their units, words and templates. */
import { isObject } from "../../core/is-object.ts";
import { json } from "../../normalize/codecs/json.ts";
import type { Reading } from "../description.ts";
import { type MeantUnit, meantUnit, temperatureIn } from "../meant-unit.ts";
import { compileTemplate, isProblem } from "../template/template.ts";
import { components, jsonValues, type ReadableValue, type ValueKind } from "./components.ts";
import { toText } from "./device-entry.ts";
import type { Entity } from "./entity.ts";
import { presencesOf, whileAvailable } from "./presences.ts";
import { wordsOf } from "./words.ts";

/** Where an entity has no template: the whole payload, or what an event is called. */
const wholePayload = "{{ value }}";
const eventType = "{{ value_json.event_type }}";
const textClasses = new Set(["enum", "timestamp", "date", "uptime"]);
const alarmClasses = new Set([
  ...["carbon_monoxide", "gas", "heat", "moisture", "safety", "smoke", "tamper"],
]);

/** Sentences about what could not be taken go to `leftOut`. */
export function readingsOf(entity: Entity, leftOut: string[]): Reading[] {
  const { component, fields } = entity;
  if (fields["encoding"] === "") {
    leftOut.push(`${entity.key}: it sends bytes, no text`);
    return [];
  }
  const known = Object.hasOwn(jsonValues, component) ? jsonValues[component] : undefined;
  if (known !== undefined && (component === "vacuum" || fields["schema"] === "json"))
    return known.flatMap(([key, kind]) => {
      const value: ReadableValue = {
        topic: "state_topic",
        templates: [],
        suffix: key === "state" ? "" : key,
        kind,
      };
      return readingOf(entity, value, `{{ value_json.${key} }}`, leftOut) ?? [];
    });
  const values = Object.hasOwn(components, component) ? components[component] : undefined;
  return (values ?? []).flatMap((value) => {
    const template = value.templates.map((key) => fields[key]).find((one) => one !== undefined);
    if (value.suffix === "last_reset" && template === undefined) return [];
    const otherwise = component === "event" ? eventType : wholePayload;
    return readingOf(entity, value, toText(template) ?? otherwise, leftOut) ?? [];
  });
}

function readingOf(
  entity: Entity,
  value: ReadableValue,
  templateText: string,
  leftOut: string[],
): Reading | undefined {
  const { fields, key, name } = entity;
  const topic = toText(fields[value.topic]);
  if (topic === undefined) return undefined;
  const template = compileTemplate(templateText);
  if (isProblem(template)) {
    leftOut.push(`${key}: its template is not read: ${template.problem}`);
    return undefined;
  }
  const guarded = whileAvailable(
    entity.component === "event" ? (message) => typeOfEvent(template(message)) : template,
    topic,
    presencesOf(fields, []),
  );
  const { unit, conversion, unknown } = unitOf(entity, value.kind);
  const words = wordsOf(entity, value);
  return {
    key: value.suffix === "" ? key : `${key}/${value.suffix}`,
    topic,
    name: [name, value.suffix].filter((one) => one !== "").join("_") || entity.component,
    template: guarded,
    templateText,
    type: words?.isComplete === true ? "listed" : typeOf(entity, value.kind),
    ...(words && { values: words.meanings }),
    ...(unit !== undefined && { unit }),
    ...(conversion !== undefined && { conversion }),
    ...(unknown !== undefined && { unknownUnit: unknown }),
    alarm:
      entity.component === "binary_sensor" &&
      alarmClasses.has(toText(fields["device_class"]) ?? ""),
  };
}

/** The template of an event may give an object as text, with more than its type. */
function typeOfEvent(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("{")) return value;
  const decoded = json.decode(value, 0);
  return decoded.ok && isObject(decoded.value) ? decoded.value["event_type"] : value;
}

function unitOf({ component, fields }: Entity, kind: ValueKind): MeantUnit {
  if (kind === "temperature") return temperatureIn(toText(fields["temperature_unit"]));
  if (kind === "humidity") return { unit: "%RH" };
  if (kind === "percent") return { unit: "%" };
  const word = toText(fields["unit_of_measurement"]);
  if (word === undefined || (component !== "sensor" && component !== "number")) return {};
  return kind === "text" ? {} : meantUnit(word, toText(fields["device_class"]));
}

/** A sensor is one of numbers where it has a unit, or is of a class that has numbers only. */
function typeOf({ component, fields }: Entity, kind: ValueKind): Reading["type"] {
  if (kind === "text") return "text";
  if (kind !== "state" && kind !== "switch") return "number";
  if (component !== "sensor") return "any";
  const deviceClass = toText(fields["device_class"]);
  if (deviceClass !== undefined && textClasses.has(deviceClass)) return "text";
  const isNumeric =
    toText(fields["unit_of_measurement"]) !== undefined ||
    fields["state_class"] !== undefined ||
    fields["suggested_display_precision"] !== undefined ||
    deviceClass !== undefined;
  return isNumeric ? "number" : "any";
}
