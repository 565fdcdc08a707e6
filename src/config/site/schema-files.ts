/** What is generated from the schemas and committed: JSON Schemas for editors, a table for people. */

import { codecsTable } from "../../normalize/codecs.ts";
import { profileFile } from "../../normalize/language/profile-file.ts";
import { planFileSchema } from "../../plans/plan-schema.ts";
import { ruleFileSchema } from "../../rules/language/rule-file-schema.ts";
import { trialFileSchema } from "../../rules/trial/trial-schema.ts";
import { sourceKinds } from "../../sources/kinds.ts";
import type { FileForm } from "../../sources/source-kind.ts";
import { fieldsTable } from "../fields-table.ts";
import { jsonSchemaOf } from "../json-schema.ts";
import { siteSchema } from "../schema.ts";

/** Texts of the generated JSON Schemas, by path from the root of the package. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const forms = {
    sluicegate: { title: "Configuration of sluicegate", schema: siteSchema },
    profile: { title: "Device profile of sluicegate", schema: profileFile },
    plans: { title: "Plans of sluicegate", schema: planFileSchema },
    rules: { title: "Alert rules of sluicegate", schema: ruleFileSchema },
    "rule-tests": { title: "Tests of alert rules of sluicegate", schema: trialFileSchema },
  };
  const all: readonly Readonly<Record<string, FileForm>>[] = [
    forms,
    ...sourceKinds.map(({ files }) => files),
  ];
  return new Map(
    all
      .flatMap((some) => Object.entries(some))
      .map(([name, { schema, title }]) => [
        `config/schema/${name}.json`,
        `${JSON.stringify({ title, ...jsonSchemaOf(schema) }, undefined, 2)}\n`,
      ]),
  );
}

/** What is generated into a page for people, between two marks. */
export interface PageTable {
  /** Path from the root of the package. */
  readonly page: string;
  readonly mark: string;
  readonly table: string;
}

/** The tables as they must be now. */
export function pageTables(): readonly PageTable[] {
  return [
    { page: "src/config/README.md", mark: "fields", table: fieldsTable() },
    { page: "devices/README.md", mark: "codecs", table: codecsTable() },
  ];
}

/** The text of a page with the table between its marks. */
export function withTable(text: string, { mark, table }: PageTable): string {
  const begin = `<!-- ${mark} -->\n`;
  const at = text.indexOf(begin) + begin.length;
  return `${text.slice(0, at)}${table}${text.slice(text.indexOf(`<!-- /${mark} -->`))}`;
}
