/** Writes everything that is generated from the schemas. Run by people, from the root of the package. */
import { readFile, writeFile } from "node:fs/promises";
import { schemaFiles, withFieldsTable } from "./schema-files.ts";

const root = new URL("../../../", import.meta.url);
const readme = new URL("src/config/README.md", root);

await writeFile(readme, withFieldsTable(await readFile(readme, "utf8")));
for (const [path, text] of schemaFiles()) await writeFile(new URL(path, root), text);
