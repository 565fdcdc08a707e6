import { parseListenAddress } from "../../../core/listen-address.ts";
import type { Check } from "../check.ts";
import { ok, skipped, warning } from "../finding.ts";
import { listeningPorts } from "../listening-ports.ts";

export const consoleListens: Check = {
  id: "console.port",
  group: "console",
  asks: "whether the console can be opened where the configuration says",
  explanation:
    "A console whose port is taken does not keep a gateway from its work: it is tried again, and nobody can open it meanwhile. Stop who has the port, or write another console.listen.",
  async run(around) {
    const { listen } = (await around.place()).config.console;
    const port = parseListenAddress(listen ?? "")?.port;
    if (listen === undefined || port === undefined || port === 0) return [];
    const ports = await listeningPorts(around);
    if (!ports) return [skipped("the system does not tell who listens")];
    const { names } = await around.roles();
    const isTaken = ports.has(port);
    if (names.length > 0 && isTaken) return [ok(`somebody listens at ${listen}`)];
    if (names.length === 0 && !isTaken) return [ok(`${listen} is free`)];
    return [
      warning({
        about: listen,
        what: isTaken ? "another program listens there" : "nobody listens there",
        why: "the console cannot be opened",
        next: isTaken
          ? `ss -ltnp 'sport = :${port}' says who`
          : "the journal says why; sluicegate console",
      }),
    ];
  },
};
