/** `sluicegate up`: a whole small site in one process. */
import { join } from "node:path";
import { pathIn } from "../app/load-site.ts";
import { namesServers } from "../app/names-servers.ts";
import { type OwnNatsServer, startNatsServer } from "../app/own-nats-server.ts";
import { startRoles, untilSignal } from "../app/run-roles.ts";
import { roleNames } from "../app/status-socket.ts";
import { siteOf } from "./site.ts";

/** Runs until it is told to stop; a server of its own stops last. */
export async function runUp(options: { config: string }): Promise<void> {
  const site = await siteOf(options.config);
  const own: OwnNatsServer | undefined = namesServers(site)
    ? undefined
    : await startNatsServer({
        folder: join(pathIn(site.folder, site.config.gateway.data), "nats"),
      });
  try {
    const servers = own ? [own.url] : site.config.backbone.servers;
    const running = await startRoles({
      site,
      roles: roleNames,
      servers,
      takeOver: false,
      env: process.env,
    });
    process.stdout.write(
      [
        "sluicegate is up",
        `  devices   ${addressesOf(running.status())}`,
        `  backbone  ${servers.join(", ")}${own ? ` (nats-server ${own.version}, started for you)` : ""}`,
        `  next      sluicegate status --config ${options.config}   sluicegate tap --config ${options.config}`,
        "",
      ].join("\n"),
    );
    await untilSignal();
    await running.stop();
  } finally {
    await own?.stop();
  }
}

function addressesOf(status: object): string {
  const found = JSON.stringify(status).matchAll(/"address":"([^"]+)"/g);
  return [...found].map((match) => `mqtt://${match[1]}`).join(", ");
}
