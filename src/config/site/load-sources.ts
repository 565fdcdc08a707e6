import { valueAt } from "../../schema/schema-issue.ts";
import { sourceKinds } from "../../sources/kinds.ts";
import { linePlace } from "../../sources/line-place.ts";
import type { EntryReading, NamedFile, OpenSource } from "../../sources/source-kind.ts";
import { pathIn } from "../path-in.ts";
import { readYaml } from "../read-yaml.ts";
import type { Load } from "./load.ts";
import { type SaidOfFile, unreadable } from "./unreadable.ts";

/** What opens each source, in the order of the configuration; of those with faults only the faults are kept. */
export async function loadSources(load: Load): Promise<OpenSource[]> {
  const sources: OpenSource[] = [];
  const told = new Told();
  reportSharedLines(load);
  for (const [at, entry] of load.sections.sources.entries()) {
    const kind = sourceKinds.find(({ name }) => name === valueAt(entry, ["kind"]));
    const source = await kind?.load(entry, readingOf(at, load, told));
    if (source) sources.push(source);
  }
  return sources;
}

/** Two readers of one line get a part of its bytes each, and two masters talk over each other. */
function reportSharedLines({ main, sections }: Load): void {
  const places = new Map<string, number>();
  for (const [at, entry] of sections.sources.entries()) {
    const path = valueAt(entry, ["path"]);
    if (typeof path !== "string") continue;
    const place = linePlace(path);
    const first = places.get(place);
    if (first === undefined) places.set(place, at);
    else
      main.report({
        code: "config.invalid",
        path: ["sources", at, "path"],
        message: `${path} is the line of sources[${first}], too: a line is for one source`,
        hint: "put all members of a bus into one entry",
      });
  }
}

function readingOf(at: number, { files, folder, main, reading }: Load, told: Told): EntryReading {
  const report: EntryReading["report"] = (fault) =>
    main.report({ ...fault, path: ["sources", at, ...fault.path] });
  return {
    report,
    async read({ field, hint, parse, path, secret }) {
      const file = pathIn(folder, path);
      const again = told.before(file, parse);
      const tell = (said: SaidOfFile): void => {
        if (!again)
          report({ code: "config.unreadable", path: field, ...(hint && { hint }), ...said });
      };
      return (await reading.read(file, { parse, unreadable: tell, secret, again }))?.value;
    },
    again({ parse, path }) {
      const parseText = (text: string): ReturnType<typeof parse> => {
        const yaml = readYaml(text);
        return yaml.ok ? parse(yaml.value) : { ok: false, faults: yaml.faults };
      };
      return { path: pathIn(folder, path), parse: parseText };
    },
    async bytes(field, path) {
      const file = pathIn(folder, path);
      try {
        return { path: file, bytes: Buffer.from(await files.readFile(file)) };
      } catch (thrown) {
        report({ code: "config.unreadable", path: field, ...unreadable(file, thrown) });
        return undefined;
      }
    },
  };
}

/** What is wrong with a file that several sources name is told once. */
class Told {
  readonly #files = new Map<NamedFile<unknown>["parse"], Set<string>>();

  /** True when the file was read before as what it is read as now. */
  before(file: string, parse: NamedFile<unknown>["parse"]): boolean {
    const files = this.#files.get(parse) ?? new Set();
    this.#files.set(parse, files);
    return files.size === files.add(file).size;
  }
}
