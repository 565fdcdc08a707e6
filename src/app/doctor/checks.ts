/** The checks there are, in the order in which they are told: one line each. */

import { natsConnect } from "./backbone/connect.ts";
import { link } from "./backbone/link.ts";
import { bufferFsync } from "./buffer/fsync.ts";
import type { Check } from "./check.ts";
import { configFiles } from "./files/config-files.ts";
import { clockOffset } from "./machine/clock-offset.ts";
import { diskSpace } from "./machine/disk-space.ts";
import { fileLimit } from "./machine/file-limit.ts";
import { memory } from "./machine/memory.ts";
import { nodeVersion } from "./machine/node-version.ts";
import { processes } from "./service/processes.ts";

/** Those of a group stand together, and groups in the order of `checkGroups`. */
export const checks: readonly Check[] = [
  clockOffset,
  diskSpace,
  memory,
  fileLimit,
  nodeVersion,
  configFiles,
  processes,
  natsConnect,
  link,
  bufferFsync,
];
