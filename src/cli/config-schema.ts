/** `sluicegate config schema`: JSON Schemas for editors. */
import { schemaFiles } from "../config/site/schema-files.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";

/** Prints the schema of a kind of file, which ships in `config/schema`, too. */
export function printSchema(kind: string): void {
  const schemas = new Map(
    Array.from(schemaFiles(), ([path, text]) => [path.replace(/^.*\/|\.json$/g, ""), text]),
  );
  const text = schemas.get(kind);
  if (text !== undefined) return void process.stdout.write(text);
  const names = [...schemas.keys()];
  const meant = suggest(kind, names);
  const advice = meant ? `did you mean ${meant}?` : `there are ${names.join(", ")}`;
  throw new GatewayError("not-found", `no kind of file is named ${kind}; ${advice}`);
}
