import { nodeDisk } from "../buffer/disk.ts";
import { readSecret } from "../config/secrets.ts";
import { machineFiles } from "../config/site/site-files.ts";
import type { Source } from "../core/message.ts";
import type { AtEnd } from "../core/open-parts.ts";
import type { SourceSurroundings } from "../sources/source-kind.ts";
import type { RoleSurroundings } from "./role.ts";

export type SourceParts = Pick<
  SourceSurroundings,
  "clientOf" | "folder" | "log" | "nowMs" | "origin" | "pollPlan" | "sink"
>;

/**
 * Opens the sources of the site one after the other, into `opened`. Gives what stops all of them, at
 * the end or before: no message of a device is taken afterwards.
 */
export async function openSources(
  { audit, clock, env, logger, metrics, random, site }: RoleSurroundings,
  parts: SourceParts,
  atEnd: AtEnd,
  opened: Source[],
): Promise<() => Promise<void>> {
  const surroundings: SourceSurroundings = {
    ...parts,
    audit,
    clock,
    random,
    logger: logger("sources"),
    metrics,
    disk: nodeDisk,
    readSecret: (reference) => readSecret(reference, { ...machineFiles(env), folder: site.folder }),
    atEnd,
  };
  const stops: (() => Promise<void>)[] = [];
  for (const open of site.sources) {
    const source = await open(surroundings);
    opened.push(source);
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => {
      stopping ??= source.stop();
      return stopping;
    };
    stops.push(stop);
    atEnd(stop);
  }
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
