/** All arms, in order of their goals. */
import type { Arm } from "./arm.ts";
import { backboneKills } from "./backbone-kills.arm.ts";
import { backbonePowerCuts } from "./backbone-power-cuts.arm.ts";
import { badNetwork } from "./bad-network.arm.ts";
import { clockSteps } from "./clock-steps.arm.ts";
import { clusterKills } from "./cluster-kills.arm.ts";
import { commandKills } from "./command-kills.arm.ts";
import { consumerAhead } from "./consumer-ahead.arm.ts";
import { consumerAheadLost } from "./consumer-ahead-lost.arm.ts";
import { crashPoints } from "./crash-points.arm.ts";
import { damagedFiles } from "./damaged-files.arm.ts";
import { diskFull } from "./disk-full.arm.ts";
import { edgeKills } from "./edge-kills.arm.ts";
import { failedSyncs } from "./failed-syncs.arm.ts";
import { failingCalls } from "./failing-calls.arm.ts";
import { deviceFamilies } from "./families.arm.ts";
import { strangersInNumbers } from "./floods.arm.ts";
import { gatewayKills } from "./gateway-kills.arm.ts";
import { historyKills } from "./history-kills.arm.ts";
import { lateBytes } from "./late-bytes.arm.ts";
import { lines } from "./lines.arm.ts";
import { longOffline } from "./long-offline.arm.ts";
import { nthCall } from "./nth-call.arm.ts";
import { outsideBroker } from "./outside-broker.arm.ts";
import { planKills } from "./plan-kills.arm.ts";
import { powerCuts } from "./power-cuts.arm.ts";
import { processorKills } from "./processor-kills.arm.ts";
import { qos2 } from "./qos2.arm.ts";
import { secondStart } from "./second-start.arm.ts";
import { sentAgain } from "./sent-again.arm.ts";
import { serialLine } from "./serial.arm.ts";
import { sharedHub } from "./shared-hub.arm.ts";
import { simulatedDisk } from "./simulated-disk.arm.ts";
import { slowDisk } from "./slow-disk.arm.ts";
import { strangeStreams } from "./strange-streams.arm.ts";
import { torture } from "./torture.arm.ts";
import { upgrade } from "./upgrade.arm.ts";

export const arms: readonly Arm[] = [
  gatewayKills,
  powerCuts,
  crashPoints,
  simulatedDisk,
  nthCall,
  failingCalls,
  failedSyncs,
  diskFull,
  damagedFiles,
  badNetwork,
  lateBytes,
  backboneKills,
  backbonePowerCuts,
  strangeStreams,
  consumerAhead,
  consumerAheadLost,
  processorKills,
  clockSteps,
  slowDisk,
  longOffline,
  serialLine,
  qos2,
  upgrade,
  torture,
  secondStart,
  outsideBroker,
  deviceFamilies,
  commandKills,
  planKills,
  lines,
  historyKills,
  sharedHub,
  edgeKills,
  clusterKills,
  strangersInNumbers,
  sentAgain,
];
