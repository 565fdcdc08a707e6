/** A fleet out of its folder: `fleet.yaml`, the template, and the files that go with each gateway. */
import { join, relative } from "node:path";
import { expandGlob } from "../../config/site/expand-glob.ts";
import type { SiteFiles } from "../../config/site/site-files.ts";
import type { SiteFile, SiteReading } from "../../config/site/site-reading.ts";
import type { Checked } from "../../core/fault.ts";
import { checkSchema } from "../../schema/schema-faults.ts";
import { type Fleet, fleetSchema } from "./fleet-schema.ts";

export interface ReadFleet {
  readonly folder: string;
  readonly fleet: Fleet;
  /** To tell of faults where people find them. */
  readonly main: SiteFile<Fleet>;
  readonly template: SiteFile<unknown>;
  /** Paths of the files that go with each, below the folder. */
  readonly shared: readonly string[];
  readonly reading: SiteReading;
}

/** Undefined where there is nothing to render; the faults are in `reading`. */
export async function readFleet(
  folder: string,
  files: SiteFiles,
  reading: SiteReading,
): Promise<ReadFleet | undefined> {
  const main = await reading.read(join(folder, "fleet.yaml"), {
    parse: (value) => checkSchema(fleetSchema, "config", value ?? {}),
  });
  const fleet = main?.value;
  if (!main || !fleet) return undefined;
  tellRepeated(fleet, main);
  const template = await reading.read<unknown>(join(folder, fleet.template), {
    parse: anything,
    unreadable: (said) => main.report({ code: "config.unreadable", path: ["template"], ...said }),
  });
  if (!template || template.broken) return undefined;
  const shared: string[] = [];
  for (const [at, pattern] of fleet.files.entries()) {
    const found = await expandGlob(join(folder, pattern), files, () => {});
    for (const path of found) shared.push(relative(folder, path));
    if (found.length === 0)
      main.report({
        ...{ code: "config.unreadable", path: ["files", at] },
        message: `no file is ${pattern}`,
        severity: "warning",
      });
  }
  return { folder, fleet, main, template, shared: [...new Set(shared)].sort(), reading };
}

function anything(value: unknown): Checked<unknown> {
  return { ok: true, value: value ?? {}, warnings: [] };
}

/** Two gateways of one name would write into one stream. */
function tellRepeated({ gateways }: Fleet, main: SiteFile<Fleet>): void {
  const first = new Map<string, number>();
  for (const [at, { id }] of gateways.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, at);
    else
      main.report({
        ...{ code: "fleet.repeated-id", path: ["gateways", at, "id"] },
        message: `"${id}" is in line ${main.lineOf(["gateways", before, "id"])} already; ids are unique over all sites`,
      });
  }
}
