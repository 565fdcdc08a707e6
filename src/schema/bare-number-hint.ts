/** What a person meant by a bare number where a unit or an address belongs, asked of the schema. */
import { presetOf, type SchemaNode, schemasOf } from "./schema-keys.ts";

const bareUnits = ["m", "s"];
const otherUnits = ["s", "m", "h", "d", "ms"];

/**
 * For a bare number where the schema takes a number with a unit: `write 10s`, in the unit of the
 * default; `write 5m or 5s` where there is none. For a bare port, the host of the default before it.
 * Undefined for fields that take other texts.
 */
export function hintForBareNumber(
  schema: SchemaNode,
  path: readonly PropertyKey[],
  root: unknown,
  found: number,
): string | undefined {
  const [field] = schemasOf(schema, path, root);
  if (field === undefined || takes(field, String(found)) || takes(field, "text")) return undefined;
  const preset = presetOf(field);
  const unit = typeof preset === "string" ? /[a-z]+$/i.exec(preset)?.[0] : undefined;
  for (const units of [unit === undefined ? bareUnits : [unit], otherUnits]) {
    const fitting = units.map((one) => `${found}${one}`).filter((text) => takes(field, text));
    if (fitting.length > 0) return `write ${fitting.slice(0, 2).join(" or ")}`;
  }
  const host = typeof preset === "string" ? /^.+:(?=\d+$)/.exec(preset)?.[0] : undefined;
  return host !== undefined && takes(field, `${host}${found}`)
    ? `write ${host}${found}`
    : undefined;
}

/** True where the schema takes the value as it is. */
export function takes(schema: SchemaNode, value: unknown): boolean {
  if (!("safeParse" in schema) || typeof schema.safeParse !== "function") return false;
  const parsed: unknown = schema.safeParse(value);
  return (
    typeof parsed === "object" && parsed !== null && "success" in parsed && parsed.success === true
  );
}
