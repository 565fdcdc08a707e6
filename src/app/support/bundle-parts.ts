/** What a bundle has in it: each part made by itself, so that what cannot be had leaves the others. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeDisk } from "../../buffer/disk.ts";
import { isLocked } from "../../buffer/lock.ts";
import { openBufferFolder } from "../../buffer/tools/open-buffer-folder.ts";
import { showBuffer } from "../../buffer/tools/show-buffer.ts";
import { effectiveConfig } from "../../config/effective.ts";
import { writeYaml } from "../../config/read-yaml.ts";
import type { SitePlace } from "../../config/site/read-site-place.ts";
import { statusSocketOf, statusSocketsOf } from "../../config/status-socket.ts";
import { GatewayError } from "../../core/errors.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import { isObject } from "../../core/is-object.ts";
import { readRolesStatus } from "../../telemetry/read-roles-status.ts";
import { readMetrics } from "../../telemetry/status-client.ts";
import { checks } from "../doctor/checks.ts";
import { dataFolderOf } from "../doctor/data-folder.ts";
import { openSurroundings } from "../doctor/open-surroundings.ts";
import { runChecks } from "../doctor/run-checks.ts";
import { runProgram } from "../doctor/run-program.ts";
import { roleNames } from "../roles.ts";
import { systemClock } from "../system-clock.ts";
import { version } from "../version.ts";
import { coverConfig } from "./cover-config.ts";

export interface BundleSource {
  readonly configPath: string;
  readonly env: NodeJS.ProcessEnv;
  /** Undefined where the configuration cannot be read. */
  readonly place: SitePlace | undefined;
  readonly written: unknown;
}

export interface BundlePart {
  /** Its name in the archive. */
  readonly name: string;
  /** What it is, for whoever decides whether it may leave the house. */
  readonly what: string;
  /** Of a text that is too long, this end is kept. */
  readonly keeps: "beginning" | "end";
  read(source: BundleSource, signal: AbortSignal): Promise<string>;
}

const journalLines = 2_000;
/** Lines of a service that fails may be long. */
const mostJournalBytes = 32 * 1_048_576;
const auditLines = 200;
const checkMs = 5_000;

export const bundleParts: readonly BundlePart[] = [
  {
    ...{ name: "versions.txt", keeps: "beginning" },
    what: "versions of the program, of Node and of the system",
    async read() {
      const release = await readFile("/etc/os-release", "utf8").catch(() => "");
      const system = await readFile("/proc/version", "utf8").catch(() => "");
      const { arch, platform } = process;
      return `sluicegate ${version}\nnode ${process.version} ${platform} ${arch}\n${system}${release}`;
    },
  },
  {
    ...{ name: "config.yaml", keeps: "beginning" },
    what: "the configuration with defaults; secrets, users, tags and comments are left out",
    read: async ({ written }) => writeYaml(coverConfig(effectiveConfig(written))),
  },
  {
    ...{ name: "doctor.json", keeps: "beginning" },
    what: "what sluicegate doctor finds",
    async read({ configPath, env }, signal) {
      const around = openSurroundings({ configPath, env, capMs: checkMs });
      const found: object[] = [];
      const limits = { clock: systemClock, capMs: checkMs, signal };
      for await (const { check, findings } of runChecks(checks, around, limits))
        for (const finding of findings) found.push({ check: check.id, ...finding });
      void around.close();
      return JSON.stringify(found, undefined, 1);
    },
  },
  {
    ...{ name: "status.json", keeps: "beginning" },
    what: "what the running processes say of themselves",
    async read({ place }, signal) {
      const sockets = statusSocketsOf(required(place), roleNames);
      return JSON.stringify(await readRolesStatus(sockets, signal), undefined, 1);
    },
  },
  {
    ...{ name: "metrics.txt", keeps: "beginning" },
    what: "figures of the process of the gateway, in the words of Prometheus",
    read: ({ place }) => readMetrics(statusSocketOf(required(place), ["gateway"])),
  },
  {
    ...{ name: "buffer.json", keeps: "beginning" },
    what: "what is in the buffer: segments, counts, gaps; no event",
    async read({ place }) {
      const site = required(place);
      const id = fnv1a64(site.config.gateway.id);
      const folder = await openBufferFolder(nodeDisk, dataFolderOf(site), id);
      return JSON.stringify(
        await showBuffer(folder, await isLocked(folder.dataFolder)),
        undefined,
        1,
      );
    },
  },
  {
    ...{ name: "journal.txt", keeps: "end" },
    what: `the last ${journalLines} lines of the journal of its services, where this user may read it`,
    async read({ env }, signal) {
      const lines = ["-n", String(journalLines), "--no-pager", "-o", "short-iso"];
      const run = { env, signal, mostBytes: mostJournalBytes };
      const text = await runProgram("journalctl", ["-u", "sluicegate*", ...lines], run);
      if (text === undefined)
        throw new GatewayError("config.unreadable", "journalctl tells nothing");
      if (text.trim() === "")
        throw new GatewayError(
          "config.unreadable",
          "the journal has no lines of sluicegate services",
        );
      return text;
    },
  },
  {
    ...{ name: "audit.ndjson", keeps: "end" },
    what: `the last ${auditLines} entries of the audit logs: actions and outcomes, without names and addresses`,
    async read({ place }) {
      const folder = dataFolderOf(required(place));
      const names = (await nodeDisk.list(folder)).filter((name) => /^audit.*\.ndjson$/.test(name));
      const texts = await Promise.all(
        names.sort().map((name) => readFile(join(folder, name), "utf8")),
      );
      return texts
        .flatMap((text) => text.trimEnd().split("\n").slice(-auditLines).flatMap(withoutNames))
        .join("\n");
    },
  },
];

function required(place: SitePlace | undefined): SitePlace {
  if (place) return place;
  throw new GatewayError("config.unreadable", "the configuration cannot be read");
}

const toldOfAudit = ["id", "at", "atMs", "time", "type", "action", "outcome", "count"] as const;

/** Of an entry only what was done and how it ended. */
function withoutNames(line: string): readonly string[] {
  try {
    const entry: unknown = JSON.parse(line);
    if (!isObject(entry)) return [];
    const data = isObject(entry["data"]) ? { ...entry, ...entry["data"] } : entry;
    const told = toldOfAudit.flatMap((name) =>
      name in data ? [[name, Reflect.get(data, name)]] : [],
    );
    return [JSON.stringify(Object.fromEntries(told))];
  } catch {
    return [];
  }
}
