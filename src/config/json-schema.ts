/**
 * The JSON Schemas that editors and other programs check files with, made of the same zod schemas
 * that read them. They describe what is written, before defaults are filled in and durations become
 * numbers.
 */
import * as z from "zod";

/** A JSON Schema (draft 2020-12), as far as it is looked into here. */
export interface JsonSchema {
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema | boolean>> | undefined;
  readonly additionalProperties?: JsonSchema | boolean | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: JsonSchema | boolean | readonly (JsonSchema | boolean)[] | undefined;
  readonly oneOf?: readonly (JsonSchema | boolean)[] | undefined;
  readonly anyOf?: readonly (JsonSchema | boolean)[] | undefined;
}

/** The JSON Schema of what a person writes. */
export function jsonSchemaOf(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

/** The fields of a schema of objects, in the order in which they are declared. */
export function propertiesOf(schema: JsonSchema): [name: string, property: JsonSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    typeof property === "boolean" ? [] : [[name, property]],
  );
}

/** The choices of a union; empty for anything else. */
export function choicesOf(schema: JsonSchema): JsonSchema[] {
  return [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter(
    (choice) => typeof choice !== "boolean",
  );
}

/** What the entries of a list or the values of a map of free names are. */
export function entrySchemaOf(schema: JsonSchema): JsonSchema | undefined {
  const { additionalProperties, items } = schema;
  if (typeof items === "object" && !isList(items)) return items;
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

/** The `kind` that a choice of a union takes. */
export function kindOf(schema: JsonSchema): string | undefined {
  const kind = schema.properties?.["kind"];
  return typeof kind === "object" && typeof kind.const === "string" ? kind.const : undefined;
}

function isList<T, U>(value: T | readonly U[]): value is readonly U[] {
  return Array.isArray(value);
}
