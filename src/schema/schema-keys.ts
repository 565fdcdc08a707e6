/**
 * Looks into a schema for the fields it knows at a place of a value: what a message needs to say
 * "did you mean". Reads the `def` that zod 4 publishes on every schema, without importing zod.
 */

/** Any zod 4 schema, as far as it is looked into here. */
export interface SchemaNode {
  readonly def: object;
}

/**
 * The names of the fields that may stand at `path` in a value of `schema`; empty where anything or
 * nothing may. `value` decides between the options of a union by their literal fields.
 */
export function knownKeys(
  schema: SchemaNode,
  path: readonly PropertyKey[],
  value: unknown,
): readonly string[] {
  const nodes = nodesAt(schema, path, value);
  return [...new Set(nodes.flatMap((node) => Object.keys(shapeOf(node) ?? {})))];
}

/** How deep a field is looked for. */
const deepest = 3;

/** Where below `path` a field of that name may stand, such as `condition.threshold`. */
export function placeBelow(
  schema: SchemaNode,
  path: readonly PropertyKey[],
  value: unknown,
  name: string,
): string | undefined {
  let level = nodesAt(schema, path, value).map((node) => ({ node, place: "" }));
  for (let depth = 0; depth < deepest; depth += 1) {
    level = level.flatMap(({ node, place }) =>
      Object.entries(shapeOf(node) ?? {}).flatMap(([key, child]) => {
        const below = place === "" ? key : `${place}.${key}`;
        return isNode(child)
          ? optionsFor(child, undefined).map((node) => ({ node, place: below }))
          : [];
      }),
    );
    const found = level.find(({ node }) => Object.hasOwn(shapeOf(node) ?? {}, name));
    if (found) return found.place;
  }
  return undefined;
}

function nodesAt(schema: SchemaNode, path: readonly PropertyKey[], value: unknown): SchemaNode[] {
  let nodes = optionsFor(schema, value);
  let here = value;
  for (const step of path) {
    here = isRecord(here) ? here[String(step)] : undefined;
    nodes = nodes.flatMap((node) => {
      const child = childOf(node, step);
      return child ? optionsFor(child, here) : [];
    });
  }
  return nodes;
}

/** The schemas of the field at `path`, with everything that judges its value. */
export function schemasOf(
  schema: SchemaNode,
  path: readonly PropertyKey[],
  value: unknown,
): readonly SchemaNode[] {
  const last = path.at(-1);
  if (last === undefined) return [schema];
  return nodesAt(schema, path.slice(0, -1), value).flatMap((node) => childOf(node, last) ?? []);
}

/** What a field is when nothing is written: its default as it would be written, or undefined. */
export function presetOf(schema: SchemaNode): unknown {
  const def: Readonly<Record<string, unknown>> = { ...schema.def };
  if ("defaultValue" in def) return def["defaultValue"];
  return isNode(def["innerType"]) ? presetOf(def["innerType"]) : undefined;
}

/** The schemas that may judge a value: wrappers taken off, unions narrowed by what is literal. */
function optionsFor(schema: SchemaNode, value: unknown): SchemaNode[] {
  const def: Readonly<Record<string, unknown>> = { ...schema.def };
  if (isNode(def["innerType"])) return optionsFor(def["innerType"], value);
  if (isNode(def["in"])) return optionsFor(def["in"], value);
  if (typeof def["getter"] === "function") {
    const made: unknown = def["getter"]();
    return isNode(made) ? optionsFor(made, value) : [];
  }
  if (!Array.isArray(def["options"])) return [schema];
  return def["options"].filter(isNode).flatMap((option) => {
    return optionsFor(option, value).filter((node) => literalsFit(node, value));
  });
}

function literalsFit(node: SchemaNode, value: unknown): boolean {
  return Object.entries(shapeOf(node) ?? {}).every(([key, child]) => {
    const values: unknown = isNode(child) && "values" in child.def ? child.def.values : undefined;
    return !Array.isArray(values) || (isRecord(value) && values.includes(value[key]));
  });
}

function childOf(node: SchemaNode, step: PropertyKey): SchemaNode | undefined {
  const { def } = node;
  const shape = shapeOf(node);
  if (shape) {
    const child = shape[String(step)];
    return isNode(child) ? child : undefined;
  }
  if ("element" in def && isNode(def.element)) return def.element;
  if ("valueType" in def && isNode(def.valueType)) return def.valueType;
  return undefined;
}

function shapeOf({ def }: SchemaNode): Readonly<Record<string, unknown>> | undefined {
  return "shape" in def && isRecord(def.shape) ? def.shape : undefined;
}

function isNode(value: unknown): value is SchemaNode {
  return isRecord(value) && isRecord(value["def"]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
