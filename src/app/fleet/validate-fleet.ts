/** All gateways of a fleet at once, as each would be validated on its machine. */
import type { LocatedFault } from "../../config/located-fault.ts";
import { loadSite, readShipped } from "../../config/site/load-site.ts";
import type { SiteFiles } from "../../config/site/site-files.ts";
import { SiteReading } from "../../config/site/site-reading.ts";
import type { Fault } from "../../core/fault.ts";
import { isObject } from "../../core/is-object.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import { type ReadFleet, readFleet } from "./read-fleet.ts";
import { type RenderedGateway, renderGateway } from "./render-gateway.ts";

export interface FleetResult {
  /** Undefined where nothing could be rendered. */
  readonly read: ReadFleet | undefined;
  readonly rendered: readonly RenderedGateway[];
  /** Each once, however many gateways have it. */
  readonly faults: readonly LocatedFault[];
  readonly fileCount: number;
}

/** `wanted`: ids; all where it is empty. */
export async function validateFleet(
  folder: string,
  machine: SiteFiles,
  wanted: ReadonlySet<string> = new Set(),
): Promise<FleetResult> {
  const reading = new SiteReading(machine);
  const read = await readFleet(folder, machine, reading);
  const rendered: RenderedGateway[] = [];
  const elsewhere: LocatedFault[] = [];
  if (read) {
    const shipped = await readShipped(machine, new SiteReading(machine));
    for (const [at, { id }] of read.fleet.gateways.entries()) {
      if (wanted.size > 0 && !wanted.has(id)) continue;
      const gateway = renderGateway(read, at);
      if (!gateway) continue;
      rendered.push(gateway);
      const { faults } = await loadSite(gateway.path, {
        ...machine,
        shipped,
        readFile: async (path) =>
          path === gateway.path ? Buffer.from(gateway.text) : machine.readFile(path),
      });
      for (const { file, place, ...fault } of faults)
        if (isOfItsMachine(fault, gateway)) continue;
        else if (file === gateway.path) gateway.report(fault);
        else elsewhere.push({ ...fault, file, ...(place && { place }) });
    }
  }
  return {
    read,
    rendered,
    faults: onceEach([...reading.faults, ...elsewhere]),
    fileCount: reading.fileCount,
  };
}

const ofItsMachine = new Set(["config.unreadable", "config.secret-missing", "config.bad-key"]);

/** What is missing here may be there: secrets, certificates and whatever has a place on that machine. */
function isOfItsMachine({ code, path }: Fault, { value }: RenderedGateway): boolean {
  if (!ofItsMachine.has(code)) return false;
  const named = valueAt(value, path);
  return typeof named === "string" ? named.startsWith("/") : !isRelativeFile(named);
}

function isRelativeFile(reference: unknown): boolean {
  const file = isObject(reference) ? reference["file"] : undefined;
  return typeof file === "string" && !file.startsWith("/");
}

/** One place in the template is the fault of as many gateways as have it. */
function onceEach(faults: readonly LocatedFault[]): LocatedFault[] {
  const first = new Map<string, { readonly fault: LocatedFault; count: number }>();
  for (const fault of faults) {
    const said = fault.message.replace(/^[^:]*: /, "");
    const key = JSON.stringify([
      fault.file,
      fault.place?.line,
      fault.place?.column,
      fault.code,
      said,
    ]);
    const known = first.get(key);
    if (known) known.count += 1;
    else first.set(key, { fault, count: 1 });
  }
  return Array.from(first.values(), ({ count, fault }) =>
    count === 1 ? fault : { ...fault, message: `${fault.message} (and ${count - 1} more)` },
  );
}
