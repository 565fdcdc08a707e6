/** What is generated from the schemas and committed: JSON Schemas for editors, a table for people. */

import { profileFile } from "../../normalize/profile-file.ts";
import { ruleFileSchema } from "../../rules/rule-schema.ts";
import { mqttUsersOptions } from "../../sources/mqtt-broker/options.ts";
import { fieldsTable } from "../fields-table.ts";
import { jsonSchemaOf } from "../json-schema.ts";
import { siteSchema } from "../schema.ts";

/** Texts of the generated JSON Schemas, by path from the root of the package. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const schemas = {
    sluicegate: { title: "Configuration of sluicegate", ...jsonSchemaOf(siteSchema) },
    profile: { title: "Device profile of sluicegate", ...jsonSchemaOf(profileFile) },
    rules: { title: "Alert rules of sluicegate", ...jsonSchemaOf(ruleFileSchema) },
    users: { title: "Users of sluicegate's MQTT broker", ...jsonSchemaOf(mqttUsersOptions) },
  };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      `config/schema/${name}.json`,
      `${JSON.stringify(schema, undefined, 2)}\n`,
    ]),
  );
}

/** The README of the configuration with the table of fields as it must be now. */
export function withFieldsTable(readme: string): string {
  const [before = "", rest = ""] = readme.split(/(?<=<!-- fields -->\n)/);
  return `${before}${fieldsTable()}${rest.slice(rest.indexOf("<!-- /fields -->"))}`;
}
