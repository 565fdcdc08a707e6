import { isObject } from "../core/is-object.ts";
import {
  choicesOf,
  entrySchemaOf,
  type JsonSchema,
  jsonSchemaOf,
  kindOf,
  propertiesOf,
} from "./json-schema.ts";
import { siteSchema } from "./schema.ts";

/**
 * What a valid configuration amounts to: the value as written, with every default filled in.
 * Fields without a default stay away. Reads back as the same configuration.
 */
export function effectiveConfig(written: unknown): unknown {
  return fillDefaults(jsonSchemaOf(siteSchema), written ?? {});
}

function fillDefaults(schema: JsonSchema, written: unknown): unknown {
  const value = written === undefined ? schema.default : written;
  const choice = choicesOf(schema).find((candidate) => takes(candidate, value));
  if (choice) return fillDefaults(choice, value);
  const entry = entrySchemaOf(schema);
  if (Array.isArray(value)) return entry ? value.map((one) => fillDefaults(entry, one)) : value;
  if (!isObject(value)) return value;
  const filled: Record<string, unknown> = {};
  for (const [name, property] of propertiesOf(schema)) {
    const one = fillDefaults(property, value[name]);
    if (one !== undefined) filled[name] = one;
  }
  for (const [name, one] of Object.entries(value)) {
    if (!(name in filled)) filled[name] = entry ? fillDefaults(entry, one) : one;
  }
  return filled;
}

function takes(choice: JsonSchema, value: unknown): boolean {
  return isObject(value) && kindOf(choice) !== undefined && value["kind"] === kindOf(choice);
}
