/** The checks there are, in the order in which they are told: one line each. */

import { natsAuth } from "./backbone/auth.ts";
import { natsBucket } from "./backbone/buckets.ts";
import { natsClock } from "./backbone/clock-skew.ts";
import { natsConnect } from "./backbone/connect.ts";
import { natsJetstream } from "./backbone/jetstream.ts";
import { link } from "./backbone/link.ts";
import { natsPublishAck } from "./backbone/publish-ack.ts";
import { natsReplicas } from "./backbone/replicas.ts";
import { natsStream } from "./backbone/streams.ts";
import { natsVersion } from "./backbone/version.ts";
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
  natsVersion,
  natsAuth,
  natsJetstream,
  natsStream,
  natsBucket,
  natsPublishAck,
  natsClock,
  natsReplicas,
  link,
  bufferFsync,
];
