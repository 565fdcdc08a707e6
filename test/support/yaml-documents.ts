import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

/** Every document of a YAML file as a plain value, with what is merged into it. */
export async function yamlDocuments(path: string): Promise<unknown[]> {
  const documents = parseAllDocuments(await readFile(path, "utf8"), { merge: true });
  if (!Array.isArray(documents)) throw new Error(`${path} is empty`);
  return documents.map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message}`);
    return document.toJS();
  });
}
