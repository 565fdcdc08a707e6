/** Edge nodes of Sparkplug B, joined with the sources that lead to them. */

import type { Clock } from "../core/clock.ts";
import type { DeviceWrite } from "../core/device-write.ts";
import type { Disk } from "../core/disk.ts";
import type { DeviceId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Source } from "../core/message.ts";
import { Refusals } from "../describe/refusals.ts";
import { SparkplugHost } from "../describe/sparkplug/host.ts";
import { KeptBirths } from "../describe/sparkplug/kept-births.ts";

export interface SparkplugSurroundings {
  /** For the files of the data folder. */
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isConfigured: (device: DeviceId) => boolean;
  /** Those that are open. */
  readonly sources: readonly Source[];
}

export interface OpenSparkplug {
  readonly host: SparkplugHost;
  readonly refusals: Refusals;
  stop(): Promise<void>;
}

/** A request is of no use later. */
const validMs = 5_000;

export async function openSparkplug(surroundings: SparkplugSurroundings): Promise<OpenSparkplug> {
  const { clock, disk, folder, isConfigured, logger, sources } = surroundings;
  const refusals = new Refusals(clock, logger);
  const host = new SparkplugHost({
    ...{ clock, refusals, isConfigured, send },
    described: (node, member) => births.note(node, member),
  });
  const births = new KeptBirths({ disk, folder, clock, logger, nodes: host.nodes });
  await births.recall();
  return { host, refusals, stop: () => births.stop() };

  function send(node: DeviceId, write: DeviceWrite, source: string): void {
    const way = sources.find(({ name }) => name === source)?.toDevices;
    if (way?.reaches(node, write) !== "now") return;
    void way
      .write(node, write, AbortSignal.timeout(validMs))
      .then(({ outcome }) => logger.info("asked for a birth", { node, outcome }));
  }
}
