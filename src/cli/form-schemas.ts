/** JSON Schemas of what commands print, for programs that read it. */
import { jsonSchemaOf } from "../config/json-schema.ts";
import { forms } from "./forms.ts";

/** Texts by the names of the forms, `devices/1`. */
export function formSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(forms).map(([name, form]) => {
      const { properties = {}, required = [], ...rest } = jsonSchemaOf(form);
      const schema = {
        title: `sluicegate.${name}`,
        ...rest,
        properties: { schema: { const: `sluicegate.${name}` }, ...properties },
        required: ["schema", ...required],
      };
      return [name, `${JSON.stringify(schema, undefined, 2)}\n`];
    }),
  );
}

/** The file of a form in the package, from its folder `dist`. */
export function formFile(name: string): string {
  return `answers/${name.replace("/", "-")}.json`;
}
