import { parseListenAddress } from "../../../core/listen-address.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, skipped } from "../finding.ts";
import { listeningPorts } from "../listening-ports.ts";

export const brokerPort: Check = {
  id: "mqtt.port",
  group: "inputs",
  asks: "whether the ports of the broker are ours, or free for it",
  explanation:
    "A broker that finds its port taken does not start, and the gateway neither (exit 75). Often it is the mosquitto of the system: stop it (systemctl disable --now mosquitto), let sluicegate fetch from it (kind: mqtt-client), or give this broker another port (listen).",
  async run(around) {
    const { config } = await around.place();
    const { gateway, names } = await around.roles();
    // What runs of this configuration is a role of a hub: no broker is to be opened for it.
    if (!gateway && names.length > 0) return [];
    const ports = await listeningPorts(around);
    const wanted = config.sources.flatMap((source) =>
      source.kind === "mqtt-broker"
        ? [source.listen, ...(source.websocket ? [source.websocket.listen] : [])]
        : [],
    );
    if (wanted.length === 0) return [];
    if (!ports) return [skipped("the system does not tell who listens")];
    return wanted.map((listen): Finding => {
      const address = parseListenAddress(listen);
      const isTaken = address !== undefined && ports.has(address.port);
      if (gateway && isTaken) return ok("open to devices", listen);
      if (!gateway && !isTaken) return ok("free", listen);
      if (gateway && address?.port === 0) return ok("open at a port of its own", listen);
      return error({
        about: listen,
        what: isTaken
          ? "another program listens there"
          : "the gateway runs and does not listen there",
        why: isTaken ? "the gateway cannot start" : "devices cannot connect",
        next: isTaken
          ? `ss -ltnp 'sport = :${address?.port}' says who; systemctl disable --now mosquitto, or another listen`
          : "sluicegate status, and the journal of the gateway; is this the configuration it was started with?",
      });
    });
  },
};
