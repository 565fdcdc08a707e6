import type { CommandsStatus } from "../commands/commands-status.ts";
import { openCommands } from "../commands/open-commands.ts";
import type { Preparation } from "../commands/prepared-command.ts";
import type { Command } from "../core/command.ts";
import type { Disk } from "../core/disk.ts";
import type { Origin } from "../core/event.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import type { MessageSink, Source } from "../core/message.ts";
import type { AtEnd } from "../core/open-parts.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { ForwardState } from "../forward/forward-status.ts";
import { DeviceWays } from "../gateway/device-ways.ts";
import type { HeardOn } from "../gateway/heard-on.ts";
import type { Ingest } from "../gateway/ingest.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { RoleSurroundings } from "./role.ts";
import { siteBackboneOptions } from "./site-backbone.ts";

export interface DeviceCommandsParts {
  /** For the files of the data folder. */
  readonly disk: Disk;
  readonly backbone: Backbone;
  readonly folder: string;
  readonly heardOn: HeardOn;
  readonly ingest: Ingest;
  /** How the events of the gateway are getting on. */
  readonly link: () => Pick<ForwardState, "kind">;
  readonly log: RecordLog;
  readonly origin: Origin;
  readonly prepare: (command: Command) => Preparation;
  /** Resolves when a start would know the devices again that are known now. */
  readonly untilKnown: () => Promise<void>;
  /** Those that are open; grows. */
  readonly sources: readonly Source[];
  readonly time: GatewayTime;
}

/** Commands to the devices of a gateway. */
export interface DeviceCommands {
  /** In the place of ingest: what comes may be an answer, or say that a device is there. */
  readonly sink: MessageSink;
  /** Profiles were read anew. */
  readonly wake: () => void;
  readonly status: () => CommandsStatus;
  /** To be called while the sources are open. */
  readonly stop: () => Promise<void>;
}

/** To be opened before the sources, which are stopped after it. */
export async function openDeviceCommands(
  surroundings: RoleSurroundings,
  parts: DeviceCommandsParts,
  atEnd: AtEnd,
): Promise<DeviceCommands> {
  const { clock, logger, metrics, random } = surroundings;
  const { heardOn, ingest, link, sources } = parts;
  const ways = new DeviceWays(sources, heardOn);
  const commands = await openCommands({
    ...parts,
    ...{ clock, metrics, random },
    logger: logger("commands"),
    mayTell: () => link().kind !== "reconciling" && link().kind !== "blocked",
    backboneOptions: siteBackboneOptions(surroundings),
    reaches: (device, write) => ways.reaches(device, write),
    write: (device, write, signal) => ways.write(device, write, signal),
    append: (device, data) => ingest.own({ kind: "reply", data, device }),
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= commands.stop();
    return stopped;
  };
  atEnd(stop);
  return {
    sink: {
      message(message) {
        commands.onMessage(message);
        return ingest.message(message);
      },
      connection(change) {
        const seq = ingest.connection(change);
        if (change.state === "online") commands.wake();
        return seq;
      },
    },
    wake: () => commands.wake(),
    status: () => commands.status(),
    stop,
  };
}
