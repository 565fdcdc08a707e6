/**
 * A second socket, for the members of a group: `GET /status` and `GET /metrics` and nothing else. Who may
 * open the first one may do anything, down to a link that signs in as admin; these may only look.
 */
import { chmod, chown, readFile, stat, unlink } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { systemReason } from "../core/system-reason.ts";
import { groupSocketOf } from "./socket-path.ts";

export interface GroupServerOptions {
  /** Where the first socket really is. */
  readonly beside: string;
  /** By its name, or its number. */
  readonly group: string;
  readonly status: () => object;
  readonly metrics: () => string;
  readonly logger: Logger;
}

const maxConnections = 16;

/** Listens; where it cannot, that is said in the journal, and the process does its work. Gives its end. */
export async function startGroupServer(options: GroupServerOptions): Promise<() => Promise<void>> {
  const { beside, group, logger } = options;
  const path = groupSocketOf(beside);
  const server = createServer(({ method, url }, response) => {
    if (method !== "GET")
      answer(response, 405, "text/plain", "members of the group may only look\n");
    else if (url === "/status")
      answer(response, 200, "application/json", JSON.stringify(options.status()));
    else if (url === "/metrics")
      answer(response, 200, "text/plain; version=0.0.4", options.metrics());
    else answer(response, 404, "text/plain", "there are /status and /metrics\n");
  });
  server.maxConnections = maxConnections;
  server.on("error", (thrown) => logger.warn("the socket of the group has trouble", { thrown }));
  try {
    const id = await groupIdOf(group);
    // The lock of the first socket is that of this one, too: what is there was left behind.
    await unlink(path).catch(() => {});
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      const before = process.umask(0o177);
      server.listen(path, resolve);
      process.umask(before);
    });
    await chown(path, -1, id);
    await chmod(path, 0o660);
    await warnOfClosedFolder(dirname(path), id, options);
  } catch (thrown) {
    server.close();
    logger.warn(
      `members of ${group} cannot see the status of this process: ${systemReason(thrown)}; ` +
        "make its user a member of the group, or take status.group out",
    );
  }
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

async function groupIdOf(group: string): Promise<number> {
  if (/^\d+$/.test(group)) return Number(group);
  const groups = await readFile("/etc/group", "utf8");
  const [, , id] =
    groups
      .split("\n")
      .find((line) => line.startsWith(`${group}:`))
      ?.split(":") ?? [];
  if (id !== undefined) return Number(id);
  throw new GatewayError("status.denied", `there is no group ${group} on this machine`);
}

async function warnOfClosedFolder(
  folder: string,
  id: number,
  { group, logger }: GroupServerOptions,
): Promise<void> {
  const { gid, mode } = await stat(folder);
  if ((mode & 0o001) !== 0 || (gid === id && (mode & 0o010) !== 0)) return;
  logger.warn(
    `members of ${group} cannot enter ${folder}, where the status socket is; ` +
      "set status.socket to a folder that they may enter, such as /run/sluicegate/sluicegate.sock",
  );
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, connection: "close" });
  response.end(body);
}
