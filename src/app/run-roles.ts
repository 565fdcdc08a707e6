/**
 * One process: loads and builds the roles asked for and no others, tells people how to reach it,
 * waits for the signal to stop, and stops in reverse order.
 */
import { dirname } from "node:path";
import type { WantedAddress } from "../api/web-server.ts";
import { nodeDisk } from "../buffer/disk.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import type { SiteAgain } from "../config/site/site-again.ts";
import { statusSocketOf } from "../config/status-socket.ts";
import { ownAct } from "../core/audit.ts";
import { GatewayError } from "../core/errors.ts";
import { parseListenAddress } from "../core/listen-address.ts";
import { openParts } from "../core/open-parts.ts";
import type { Question, Questions } from "../core/question.ts";
import { formatSize } from "../core/size.ts";
import { systemReason } from "../core/system-reason.ts";
import { startGroupServer } from "../telemetry/group-server.ts";
import { createLogger } from "../telemetry/logger.ts";
import { createMetricsRegistry } from "../telemetry/metrics-registry.ts";
import { type StatusServer, startStatusServer } from "../telemetry/status-server.ts";
import { createTapHub } from "../telemetry/tap-hub.ts";
import { auditedQuestions } from "./audited-questions.ts";
import { openSpans } from "./open-spans.ts";
import type { Web } from "./open-web.ts";
import { processAudit } from "./process-audit.ts";
import { processGauges } from "./process-gauges.ts";
import { type ReloadOutcome, reloading, writtenInForce } from "./reload-site.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { isRoleName, type RoleName, roleNames, roles } from "./roles.ts";
import { openServiceReports, untoldReports } from "./service-reports.ts";
import { systemClock } from "./system-clock.ts";
import { type ServiceRequest, tellSystemd } from "./systemd-notify.ts";
import { version } from "./version.ts";
import { watchSite } from "./watch-site.ts";
import type { WebSurroundings } from "./web/web-surroundings.ts";

export interface RunOptions {
  readonly site: LoadedSite;
  /** Its files, for when they change. */
  readonly again: SiteAgain;
  readonly roles: readonly RoleName[];
  /** `backbone.servers`, or the server that this process started. */
  readonly servers: readonly string[];
  readonly takeOver: boolean;
  /** Where the console is served, in place of `console.listen`. */
  readonly console?: WantedAddress | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** What the service manager asked that started this process; undefined where there is none. */
  readonly service: ServiceRequest | undefined;
}

/** A process with its roles, started. */
export interface RunningRoles {
  status(): object;
  /** Where people can look at it; undefined where no console is served. */
  readonly web: Pick<Web, "url" | "link"> | undefined;
  /** Goes on with the files of the site as they are now; never rejects. */
  reload(): Promise<ReloadOutcome>;
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
  const measureProcess = processGauges(metrics, systemClock);
  const taps = createTapHub();
  const running = new Map<RoleName, Role>();
  const questionsOfRoles = (): Questions =>
    Object.assign({}, ...Array.from(running.values(), (role) => role.questions));
  const { begin: beginAudit, log: audit } = processAudit({
    ...{ site, roles: named, clock: systemClock },
    logger: journal.child("audit"),
  });
  const untraced: RoleSurroundings = {
    site,
    audit,
    clock: systemClock,
    random: Math.random,
    metrics,
    logger: (room) => journal.child(room),
    env,
    servers,
    taps,
    questionsHere: questionsOfRoles,
    gatewayHere: () => running.get("gateway")?.gateway,
    statusHere: (name) => (isRoleName(name) ? running.get(name)?.status() : undefined),
    takeOver,
  };

  let web: Web | undefined;
  const status = (): object => ({
    version,
    ...(web && { web: web.url() }),
    ...(site.halfChanged && { halfChanged: site.halfChanged }),
    ...statusOf(running),
  });
  const logger = journal.child("service");
  const service = options.service
    ? openServiceReports(options.service, {
        ...{ clock: systemClock, logger, tell: tellSystemd(options.service, env) },
      })
    : untoldReports;
  let lastRead = site;
  const readAgain = reloading({
    site,
    again: options.again,
    audit,
    roles: () => running.values(),
    taken: (fresh) => {
      lastRead = fresh;
    },
    logger: journal.child("site"),
  });
  const reload = (): Promise<ReloadOutcome> => service.reloading(readAgain);
  const openWebOf = async (of: WebSurroundings): Promise<Web | undefined> => {
    const listen = options.console ?? parseListenAddress(site.config.console.listen ?? "");
    const fromRoles = Array.from(running.values(), ({ web }) => web ?? []).flat();
    return listen && (await import("./open-web.ts")).openWeb(of, listen, fromRoles);
  };
  const { parts, stop } = await openParts(async (atEnd) => {
    let statusServer: StatusServer | undefined;
    atEnd(() => {
      audit.note(ownAct("stop", named.join(" "), "done", `version ${version}`));
      return audit.stop();
    });
    atEnd(() => service.close());
    // It answers until the last role has stopped.
    atEnd(() => statusServer?.stop());
    const spans = await openSpans(untraced);
    if (spans) atEnd(() => spans.stop());
    const surroundings = { ...untraced, spans };
    for (const name of named) {
      const open = await roles[name]();
      const role = await open(surroundings);
      atEnd(() => role.stop());
      running.set(name, role);
    }
    const link: Question = async ({ by = "" }) => ({ link: web?.link(by) ?? null });
    const config: Question = async () => {
      const { configLines } = await import("./web/system/config-lines.ts");
      const written = writtenInForce(site.written, lastRead.written);
      return { values: configLines(written, options.again.path, undefined) };
    };
    const questions: Questions = { config, reload, "console-link": link, ...questionsOfRoles() };
    const metricsText = (): string => {
      measureProcess();
      for (const role of running.values()) role.measure?.();
      return metrics.expose();
    };
    web = await openWebOf({
      ...surroundings,
      ...{ roles: named, status, metricsText, questions, configPath: options.again.path },
      audited: audit,
      gateway: running.get("gateway")?.gateway,
      hubStatus: running.get("console")?.hubStatus,
    });
    atEnd(() => web?.stop());
    const socket = statusSocketOf(site, named);
    await makeSocketFolder(dirname(socket));
    statusServer = await startStatusServer({
      socket,
      status,
      metrics: metricsText,
      taps,
      questions: auditedQuestions(questions, audit),
      clock: systemClock,
      logger: journal.child("status"),
    });
    await beginAudit();
    audit.note(ownAct("start", named.join(" "), "done", `version ${version}`));
    const { group } = site.config.status;
    if (group !== undefined)
      atEnd(
        await startGroupServer({
          ...{ beside: statusServer.path, group, status, metrics: metricsText },
          logger: journal.child("status"),
        }),
      );
    if (site.config.profiles.watch) {
      const watch = watchSite(site, options.again, systemClock, reload);
      atEnd(async () => watch.stop());
    }
    return { path: statusServer.path };
  });
  if (site.halfChanged)
    journal.error("it runs with files of two versions of its fleet: a change was cut off", {
      ...site.halfChanged,
      next: "sluicegate fleet apply --rollback --yes, then a restart",
    });
  journal.info("sluicegate is up", {
    version,
    roles: named,
    backbone: servers,
    buffer: formatSize(site.config.buffer.max_bytes),
    status: parts.path,
    console: web?.url(),
  });
  service.running(parts.path);
  return {
    ...{ status, web, reload },
    stop() {
      service.stopping();
      return stop();
    },
  };
}

function statusOf(running: ReadonlyMap<RoleName, Role>): object {
  const { pid } = process;
  return Object.fromEntries(
    Array.from(running, ([name, role]) => [name, { pid, ...role.status() }]),
  );
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
