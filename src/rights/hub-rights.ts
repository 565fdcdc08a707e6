/**
 * What the roles of the hub may do, each no more than it does. They read the streams of the gateways
 * that are named; one that comes later needs its line here, as it needs its user.
 */
import type { Origin } from "../core/event.ts";
import {
  alertsStream,
  allAlerts,
  allCommands,
  allDerived,
  allOperatorActions,
  allPlans,
  allRefusedPoints,
  allSetAside,
  bridgeAsideStream,
  checkpointsBucket,
  commandsStream,
  derivedStream,
  gatewayStream,
  historyRejectedStream,
  leasesBucket,
  notifyLogStream,
  plansStream,
  positionsBucket,
} from "../core/subject.ts";
import {
  accountFigures,
  answersTo,
  asksAbout,
  getsFrom,
  keeps,
  listOfStreams,
  looksUp,
  type Member,
  type Rights,
  reads,
} from "./rights.ts";

const allNotices = "notify.>";

/** Commands that people type with the user of the console; each is a client of its own name. */
const commandClients = [
  ...["alerts", "backtest", "bridge-desk", "commands", "dead-letters", "doctor", "events"],
  ...["history", "plan", "record", "state", "tap", "top", "trace"],
];

/** What clears parts of a bucket that are not needed any more. */
function clears(bucket: string): string {
  return `$JS.API.STREAM.PURGE.KV_${bucket}`;
}

function processor(streams: readonly string[]): Rights {
  return {
    publish: [
      ...[...streams, alertsStream, derivedStream, plansStream].flatMap(reads),
      ...[asksAbout(commandsStream), getsFrom(commandsStream)],
      ...[allAlerts, allDerived, allPlans, allCommands],
      ...keeps(checkpointsBucket, ">"),
      ...keeps(leasesBucket, "processor.>", "plans"),
      ...[clears(checkpointsBucket), clears(leasesBucket)],
    ],
    subscribe: [answersTo("sluicegate-processor")],
  };
}

function notifier(): Rights {
  return {
    publish: [
      ...[alertsStream, notifyLogStream].flatMap(reads),
      allNotices,
      ...keeps(positionsBucket, allNotices),
      ...keeps(leasesBucket, allNotices),
    ],
    subscribe: [answersTo("sluicegate-notifier")],
  };
}

function historian(streams: readonly string[]): Rights {
  const own = ["historian", "historian.>"];
  return {
    publish: [
      ...[...streams, alertsStream, derivedStream, historyRejectedStream].flatMap(reads),
      allRefusedPoints,
      ...keeps(positionsBucket, ...own),
      ...keeps(leasesBucket, ...own),
    ],
    subscribe: [answersTo("sluicegate-historian")],
  };
}

function bridge(streams: readonly string[]): Rights {
  const own = "bridge.>";
  return {
    publish: [
      ...[...streams, alertsStream].flatMap(reads),
      ...[asksAbout(bridgeAsideStream), allSetAside],
      ...keeps(positionsBucket, own),
      ...[...keeps(leasesBucket, own), clears(leasesBucket)],
    ],
    subscribe: [answersTo("sluicegate-bridge")],
  };
}

/** Also for what people type: it writes what they do, and what they want done. */
function console(streams: readonly string[]): Rights {
  const others = [
    ...[commandsStream, derivedStream, plansStream, historyRejectedStream],
    bridgeAsideStream,
  ];
  const names = ["console", "console-way", "web", ...commandClients];
  return {
    publish: [
      ...[...streams, alertsStream, notifyLogStream, ...others].flatMap(reads),
      ...[allOperatorActions, allCommands, allPlans, allNotices],
      ...[checkpointsBucket, leasesBucket].flatMap(looksUp),
      ...keeps(positionsBucket, "bridge-skip.>"),
    ],
    subscribe: names.map((name) => answersTo(`sluicegate-${name}`)),
  };
}

/**
 * Prepares streams and buckets, looks after them, saves and restores them. It writes no message, and
 * yet whoever has its seed has everything: keep it off the machines of the roles.
 */
const administrator: Rights = {
  publish: ["$JS.API.>", "$JS.SNAPSHOT.>", "$JS.FC.>"],
  subscribe: ["_INBOX.>"],
};

/** The roles of the hub, in the order of the flow, and who looks after it. */
export function hubMembers(gateways: readonly Origin[]): readonly Member[] {
  const streams = gateways.map(({ gateway }) => gatewayStream(gateway));
  const roles = { processor, notifier, historian, bridge, console };
  const members = Object.entries(roles).map(([name, of]): Member => {
    const { publish, subscribe } = of(streams);
    return { name, publish: [...new Set([accountFigures, listOfStreams, ...publish])], subscribe };
  });
  return [...members, { name: "administrator", ...administrator }];
}
