/** `sluicegate config schema`: JSON Schemas for editors, and of what commands print. */
import { schemaFiles } from "../config/site/schema-files.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { formSchemas } from "./form-schemas.ts";

/**
 * Prints the schema of a kind of file, which ships in `config/schema`, too, or of what a command prints,
 * by the name in its `schema`: `status/1`.
 */
export function printSchema(kind: string): void {
  const schemas = new Map([
    ...Array.from(schemaFiles(), ([path, text]): [string, string] => [
      path.replace(/^.*\/|\.json$/g, ""),
      text,
    ]),
    ...formSchemas(),
  ]);
  const text = schemas.get(kind.replace(/^sluicegate\./, ""));
  if (text !== undefined) return void process.stdout.write(text);
  const names = [...schemas.keys()];
  const meant = suggest(kind, names);
  const advice = meant ? `did you mean ${meant}?` : `there are ${names.join(", ")}`;
  throw new GatewayError(
    "not-found",
    `no kind of file, and no answer, is named ${kind}; ${advice}`,
  );
}
