/** `sluicegate up`: a whole small site in one process. */
import { userInfo } from "node:os";
import { keepOwnBackbone } from "../app/keep-own-backbone.ts";
import { rolesOf } from "../app/roles.ts";
import { type RunningRoles, startRoles } from "../app/run-roles.ts";
import { hearSignals } from "../app/signals.ts";
import { takeServiceRequest } from "../app/systemd-notify.ts";
import { namesServers } from "../config/site/names-servers.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { againOf, siteOf } from "./site.ts";

/** Where it is served that nobody said a word of: for this machine only, at the same place each time. */
const ownConsole = { host: "127.0.0.1", port: 8787, orFreePort: true };

/** Runs until it is told to stop; a server of its own stops last. */
export async function runUp(options: { config: string }): Promise<void> {
  const service = takeServiceRequest(process.env);
  const site = await siteOf(options.config);
  const { begin, told } = hearSignals();
  const own = namesServers(site) ? undefined : await keepOwnBackbone(site);
  try {
    const servers = own ? [own.url] : site.config.backbone.servers;
    const running = await startRoles({
      site,
      again: await againOf(options.config),
      roles: rolesOf(site),
      servers,
      takeOver: false,
      console: site.config.console.listen === undefined ? ownConsole : undefined,
      env: process.env,
      service,
    });
    begin(() => void running.reload());
    process.stdout.write(
      [
        "sluicegate is up",
        `  devices   ${waysInto(running.status())}`,
        `  console   ${consoleOf(running.web, service !== undefined)}`,
        `  backbone  ${servers.join(", ")}${own ? ` (nats-server ${own.version}, started for you)` : ""}`,
        `  next      sluicegate status --config ${options.config}`,
        `            sluicegate tap --config ${options.config}`,
        "",
      ].join("\n"),
    );
    await told;
    await running.stop();
  } finally {
    await own?.stop();
  }
}

/** A link that signs in is for a person at a terminal: what a service prints is kept, and read by others. */
function consoleOf(web: RunningRoles["web"], isService: boolean): string {
  if (isService && web) return `${web.url()} (sluicegate console prints a link)`;
  const link = web?.link(userInfo().username);
  return link ?? "not yet: its port is taken; the journal says more";
}

function waysInto(status: object): string {
  const sources = gatewayStatusOf(status)?.sources ?? [];
  return sources.map(({ name }) => name).join(", ");
}
