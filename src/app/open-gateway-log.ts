import { randomBytes } from "node:crypto";
import { nodeDisk } from "../buffer/disk.ts";
import type { KeyRing } from "../buffer/encryption/key-ring.ts";
import { openSegmentLog } from "../buffer/open-segment-log.ts";
import type { SegmentLog } from "../buffer/segment-log.ts";
import { pathIn } from "../config/path-in.ts";
import type { Origin } from "../core/event.ts";
import type { RunId } from "../core/ids.ts";
import type { RoleSurroundings } from "./role.ts";

export interface GatewayLogParts {
  /** The data folder. */
  readonly folder: string;
  readonly origin: Origin;
  readonly run: RunId;
  readonly bootId: string | undefined;
  readonly keys: KeyRing;
}

/** The durable log of a gateway. */
export function openGatewayLog(
  { audit, clock, logger, metrics, site }: RoleSurroundings,
  { bootId = "", folder, keys, origin, run }: GatewayLogParts,
): Promise<SegmentLog> {
  const { backbone, buffer } = site.config;
  // Servers that sync before they acknowledge forget nothing: nothing is kept for sending again.
  const holdBack = backbone.durable_acks ? { hold_back: { time: 0, max_bytes: 0 } } : {};
  return openSegmentLog(
    { ...buffer, ...holdBack },
    {
      folder: pathIn(folder, "log"),
      segmentUuid: () => randomBytes(16),
      disk: nodeDisk,
      logger: logger("buffer"),
      ...{ origin, run, bootId, keys, audit, clock, metrics },
    },
  );
}
