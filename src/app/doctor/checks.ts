/** The checks there are, in the order in which they are told: one line each. */
import { natsAuth } from "./backbone/auth.ts";
import { natsBucket } from "./backbone/buckets.ts";
import { natsClock } from "./backbone/clock-skew.ts";
import { natsConnect } from "./backbone/connect.ts";
import { natsJetstream } from "./backbone/jetstream.ts";
import { link } from "./backbone/link.ts";
import { natsPublishAck } from "./backbone/publish-ack.ts";
import { natsReplicas } from "./backbone/replicas.ts";
import { natsRights } from "./backbone/rights.ts";
import { natsStream } from "./backbone/streams.ts";
import { natsTls } from "./backbone/tls.ts";
import { natsVersion } from "./backbone/version.ts";
import { bridgeTargets } from "./bridge/targets.ts";
import { bufferCursor } from "./buffer/cursor.ts";
import { bufferFsync } from "./buffer/fsync.ts";
import { bufferFull } from "./buffer/full.ts";
import { bufferKey } from "./buffer/key.ts";
import { bufferLosses } from "./buffer/losses.ts";
import { bufferOwner } from "./buffer/owner.ts";
import { bufferQuarantine } from "./buffer/quarantine.ts";
import { bufferVerify } from "./buffer/verify.ts";
import type { Check } from "./check.ts";
import { consoleListens } from "./console/listens.ts";
import { consoleTls } from "./console/tls.ts";
import { consoleUsers } from "./console/users.ts";
import { deadLetters } from "./devices/dead-letters.ts";
import { gatewaysAway } from "./devices/gateways-away.ts";
import { devicesSilent } from "./devices/silent.ts";
import { configFiles } from "./files/config-files.ts";
import { fleetChange } from "./files/fleet-change.ts";
import { historyBehind } from "./history/behind.ts";
import { historyDatabase } from "./history/database.ts";
import { brokerPort } from "./inputs/broker-port.ts";
import { brokerTls } from "./inputs/broker-tls.ts";
import { sourceHolding } from "./inputs/holding.ts";
import { modbusMembers } from "./inputs/members.ts";
import { outsideBrokers } from "./inputs/outside-brokers.ts";
import { serialAccess } from "./inputs/serial-access.ts";
import { serialName } from "./inputs/serial-name.ts";
import { clockBack } from "./machine/clock-back.ts";
import { clockOffset } from "./machine/clock-offset.ts";
import { clockRtc } from "./machine/clock-rtc.ts";
import { diskReadonly } from "./machine/disk-readonly.ts";
import { diskSpace } from "./machine/disk-space.ts";
import { fileLimit } from "./machine/file-limit.ts";
import { memory } from "./machine/memory.ts";
import { nodeVersion } from "./machine/node-version.ts";
import { receiversFailing } from "./receivers/failing.ts";
import { receiversReachable } from "./receivers/reachable.ts";
import { processes } from "./service/processes.ts";
import { serviceRestarts } from "./service/restarts.ts";
import { serviceUnit } from "./service/unit.ts";
import { serviceWatchdog } from "./service/watchdog.ts";

/** Those of a group stand together, and groups in the order of `checkGroups`. */
export const checks: readonly Check[] = [
  clockOffset,
  clockBack,
  clockRtc,
  diskSpace,
  diskReadonly,
  memory,
  fileLimit,
  nodeVersion,

  configFiles,
  fleetChange,

  processes,
  serviceUnit,
  serviceWatchdog,
  serviceRestarts,

  natsConnect,
  natsVersion,
  natsAuth,
  natsTls,
  natsJetstream,
  natsRights,
  natsStream,
  natsBucket,
  natsPublishAck,
  natsClock,
  natsReplicas,
  link,

  bufferOwner,
  bufferKey,
  bufferFsync,
  bufferFull,
  bufferLosses,
  bufferVerify,
  bufferCursor,
  bufferQuarantine,

  brokerPort,
  brokerTls,
  outsideBrokers,
  serialAccess,
  serialName,
  modbusMembers,
  sourceHolding,

  receiversReachable,
  receiversFailing,

  historyDatabase,
  historyBehind,

  bridgeTargets,

  gatewaysAway,
  devicesSilent,
  deadLetters,

  consoleListens,
  consoleTls,
  consoleUsers,
];
