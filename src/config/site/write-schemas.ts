/** Writes everything that is generated from the schemas. Run by people, from the root of the package. */
import { readFile, writeFile } from "node:fs/promises";
import { pageTables, schemaFiles, withTable } from "./schema-files.ts";

const root = new URL("../../../", import.meta.url);

for (const table of pageTables()) {
  const page = new URL(table.page, root);
  await writeFile(page, withTable(await readFile(page, "utf8"), table));
}
for (const [path, text] of schemaFiles()) await writeFile(new URL(path, root), text);
