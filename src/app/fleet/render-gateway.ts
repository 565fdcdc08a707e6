/** The configuration of one gateway of a fleet. */
import { join } from "node:path";
import { writeYaml } from "../../config/read-yaml.ts";
import type { Fault } from "../../core/fault.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import { fileNameOf } from "./file-name.ts";
import { fillIn, type Variables } from "./fill-in.ts";
import type { FleetGateway } from "./fleet-schema.ts";
import { mergeOver } from "./merge-over.ts";
import type { ReadFleet } from "./read-fleet.ts";

export interface RenderedGateway {
  readonly id: string;
  /** Where it would stand in the folder of the fleet; nothing is written there. */
  readonly path: string;
  readonly text: string;
  /** What the text says. */
  readonly value: unknown;
  /** Tells of a fault in it, where whoever wrote it finds it. */
  report(fault: Fault): void;
}

const nameOfAll = "sluicegate.yaml";

/** The same for the same files. Names that stand for nothing are told. */
export function renderGateway(read: ReadFleet, at: number): RenderedGateway | undefined {
  const gateway = read.fleet.gateways[at];
  if (!gateway) return undefined;
  const { folder, fleet, main, template } = read;
  const { id, overrides, site } = gateway;
  const own = ["gateways", at, "overrides"] as const;
  const variables: Variables = {
    ...fleet.variables,
    ...gateway.variables,
    ...{ id, version: fleet.version },
    ...(site !== undefined && { site }),
  };
  const base = fillIn(template.written, variables, (fault) => template.report(fault));
  const over = fillIn(overrides, variables, (fault) =>
    main.report({ ...fault, path: [...own, ...fault.path] }),
  );
  const merged = mergeOver(mergeOver(base, over), namesOf(gateway));
  return {
    id,
    path: join(folder, `.${fileNameOf(id)}.${nameOfAll}`),
    value: merged,
    text: `# ${id}, version ${fleet.version} of its fleet: change the template, not this file.\n${writeYaml(merged)}`,
    report(fault) {
      const ownDepth = depthIn(overrides, fault.path);
      const isOwn = ownDepth > 0 && ownDepth >= depthIn(template.written, fault.path);
      const named = { ...fault, message: `${id}: ${fault.message}` };
      if (isNameOf(fault.path)) main.report({ ...named, path: ["gateways", at, "id"] });
      else if (isOwn) main.report({ ...named, path: [...own, ...fault.path] });
      else template.report(named);
    },
  };
}

function namesOf({ id, site }: FleetGateway): unknown {
  return { ...(site !== undefined && { site }), gateway: { id } };
}

function isNameOf([first, second]: Fault["path"]): boolean {
  return first === "gateway" && second === "id";
}

/** How much of a path leads to something. */
function depthIn(value: unknown, path: Fault["path"]): number {
  let depth = 0;
  while (depth < path.length && valueAt(value, path.slice(0, depth + 1)) !== undefined) depth += 1;
  return depth;
}
