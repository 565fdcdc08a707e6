/**
 * One process: loads and builds the roles asked for and no others, tells people how to reach it,
 * waits for the signal to stop, and stops in reverse order.
 */
import { dirname } from "node:path";
import { nodeDisk } from "../buffer/disk.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { statusSocketOf } from "../config/status-socket.ts";
import { GatewayError } from "../core/errors.ts";
import { openParts } from "../core/open-parts.ts";
import { formatSize } from "../core/size.ts";
import { systemReason } from "../core/system-reason.ts";
import { createLogger } from "../telemetry/logger.ts";
import { createMetricsRegistry } from "../telemetry/metrics-registry.ts";
import { type StatusServer, startStatusServer } from "../telemetry/status-server.ts";
import { createTapHub } from "../telemetry/tap-hub.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { type RoleName, roleNames, roles } from "./roles.ts";
import { systemClock } from "./system-clock.ts";
import { version } from "./version.ts";

export interface RunOptions {
  readonly site: LoadedSite;
  readonly roles: readonly RoleName[];
  /** `backbone.servers`, or the server that this process started. */
  readonly servers: readonly string[];
  readonly takeOver: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** A process with its roles, started. */
export interface RunningRoles {
  status(): object;
  stop(): Promise<void>;
}

/** Starts the roles in the order of the flow. */
export async function startRoles(options: RunOptions): Promise<RunningRoles> {
  const { env, servers, site, takeOver } = options;
  const named = roleNames.filter((name) => options.roles.includes(name));
  const journal = createLogger({
    level: site.config.log.level,
    destination: process.stderr,
    clock: systemClock,
  });
  const metrics = createMetricsRegistry();
  const taps = createTapHub();
  const surroundings: RoleSurroundings = {
    site,
    clock: systemClock,
    random: Math.random,
    metrics,
    logger: (room) => journal.child(room),
    env,
    servers,
    taps,
    takeOver,
  };

  const running = new Map<RoleName, Role>();
  const status = (): object =>
    Object.fromEntries([
      ["version", version],
      ...Array.from(running, ([name, role]) => [name, role.status()]),
    ]);
  const { parts, stop } = await openParts(async (atEnd) => {
    let statusServer: StatusServer | undefined;
    // It answers until the last role has stopped.
    atEnd(() => statusServer?.stop());
    for (const name of named) {
      const open = await roles[name]();
      const role = await open(surroundings);
      atEnd(() => role.stop());
      running.set(name, role);
    }
    const socket = statusSocketOf(site, named);
    await makeSocketFolder(dirname(socket));
    statusServer = await startStatusServer({
      socket,
      status,
      metrics: () => metrics.expose(),
      taps,
      questions: Object.assign({}, ...[...running.values()].map((role) => role.questions)),
      clock: systemClock,
      logger: journal.child("status"),
    });
    return statusServer;
  });
  journal.info("sluicegate is up", {
    version,
    roles: named,
    backbone: servers,
    buffer: formatSize(site.config.buffer.max_bytes),
    status: parts.path,
  });
  return { status, stop };
}

async function makeSocketFolder(folder: string): Promise<void> {
  try {
    await nodeDisk.makeFolder(folder);
  } catch (thrown) {
    throw new GatewayError(
      "status.denied",
      `cannot make ${folder} for the status socket: ${systemReason(thrown)}; ` +
        "set status.socket to a path that this user may write",
      { cause: thrown },
    );
  }
}

/**
 * Resolves at SIGTERM, SIGINT or SIGHUP (the terminal went away); a second one ends the process at
 * once, since whoever sends it does not want to wait. Call it before anything is started that must
 * be stopped in order.
 */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const take = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal);
    };
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, take);
  });
}
