/** The table of all fields in the README of this room. */
import {
  choicesOf,
  entrySchemaOf,
  type JsonSchema,
  jsonSchemaOf,
  kindOf,
  propertiesOf,
} from "./json-schema.ts";
import { siteSchema } from "./schema.ts";

/** The table as Markdown: one line per field that holds a value, in the order of the schema. */
export function fieldsTable(): string {
  const head = "| field | type | default | meaning |\n|---|---|---|---|\n";
  return head + rowsOf(jsonSchemaOf(siteSchema), "", false).join("");
}

function rowsOf(schema: JsonSchema, path: string, required: boolean): string[] {
  const kinds = choicesOf(schema).filter((choice) => kindOf(choice) !== undefined);
  if (kinds.length > 0) {
    return kinds.flatMap((choice) => rowsOf(choice, `${path}(${kindOf(choice)})`, required));
  }
  const properties = propertiesOf(schema);
  if (properties.length > 0) {
    return properties.flatMap(([name, property]) => {
      const isRequired = schema.required?.includes(name) === true;
      return rowsOf(property, path === "" ? name : `${path}.${name}`, isRequired);
    });
  }
  const entry = entrySchemaOf(schema);
  const rows = [row(schema, path, required)];
  if (entry && isGroup(entry)) {
    const step = schema.type === "array" ? "[]" : ".<name>";
    rows.push(...rowsOf(entry, path + step, false));
  }
  return rows;
}

function row(schema: JsonSchema, path: string, required: boolean): string {
  const preset = schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``;
  const cells = [`\`${path}\``, typeOf(schema), required ? "required" : preset];
  return `| ${[...cells, schema.description ?? ""].map(escapeCell).join(" | ")} |\n`;
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  const choices = choicesOf(schema);
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(" or ");
  if (schema.type === "array") return "list";
  if (schema.type === "object") {
    const names = propertiesOf(schema).map(([name]) => name);
    return names.length > 0 ? `{ ${names.join(", ")} }` : "map";
  }
  return [schema.type ?? "any"].flat().join(" or ");
}

function isGroup(schema: JsonSchema): boolean {
  return schema.properties !== undefined || choicesOf(schema).some(isGroup);
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
