import { deadLetterRoutes } from "../../api/routes/dead-letter-routes.ts";
import { deviceRoutes } from "../../api/routes/device-routes.ts";
import { statusRoutes } from "../../api/routes/status-routes.ts";
import type { GatewayFacts } from "../gateway-facts.ts";
import { version } from "../version.ts";
import { DeadLetterBook } from "./dead-letter-book.ts";
import { deadLettersTopic } from "./dead-letter-topic.ts";
import { deadLetterDesk } from "./dead-letters.ts";
import { gatewayDevices } from "./gateway-devices.ts";
import { devicesTopic, statusTopic } from "./gateway-topics.ts";
import { liveTopic } from "./live-topic.ts";
import { statusDesk } from "./status-desk.ts";
import type { OpenWebPart, WebPart, WebSurroundings } from "./web-part.ts";

/** How the process is, whatever roles it has, and what its gateway knows. */
export const openProcessPart: OpenWebPart = (surroundings) => {
  const { clock, gateway, hubStatus, roles, servers, site } = surroundings;
  const book = gateway && new DeadLetterBook(gateway);
  const desk = statusDesk({
    ...{ clock, version, roles, servers },
    site: site.config.site,
    ...(gateway && { gateway }),
    ...(hubStatus && { hub: hubStatus }),
    ...(book && { deadLetters: () => book.counts }),
  });
  const own = gateway && book && gatewayPart(surroundings, gateway, book);
  return {
    routes: [...statusRoutes(desk), ...(own?.routes ?? [])],
    topicNamed: (name) =>
      name === "status" ? statusTopic(desk, clock, book) : own?.topicNamed?.(name),
  };
};

/** All of it where nobody here knows all gateways. */
function gatewayPart(
  { clock, hubStatus, taps }: WebSurroundings,
  facts: GatewayFacts,
  book: DeadLetterBook,
): WebPart {
  const isAlone = hubStatus === undefined;
  const nowMs = (): number => clock.wallMs();
  return {
    routes: [
      ...deadLetterRoutes(deadLetterDesk({ book, facts, nowMs })),
      ...(isAlone ? deviceRoutes(gatewayDevices(facts)) : []),
    ],
    topicNamed(name) {
      if (isAlone && name === "devices") return devicesTopic(facts, clock);
      if (name === "dead-letters") return deadLettersTopic(book, clock);
      return liveTopic(name, { clock, facts, taps });
    },
  };
}
