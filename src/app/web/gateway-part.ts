import { deviceRoutes } from "../../api/routes/device-routes.ts";
import { gatewayDevices } from "./gateway-devices.ts";
import { devicesTopic } from "./gateway-topics.ts";
import { liveTopic } from "./live-topic.ts";
import type { OpenWebPart } from "./web-part.ts";

/** What the gateway of this process knows: all of it where nobody here knows all gateways. */
export const openGatewayPart: OpenWebPart = (surroundings) => {
  const { clock, gateway: facts, hubStatus, taps } = surroundings;
  if (facts === undefined) return undefined;
  const isAlone = hubStatus === undefined;
  return {
    routes: isAlone ? deviceRoutes(gatewayDevices(facts)) : [],
    topicNamed(name) {
      if (isAlone && name === "devices") return devicesTopic(facts, clock);
      return liveTopic(name, { clock, facts, taps });
    },
  };
};
