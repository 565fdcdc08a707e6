import { statusRoutes } from "../../api/routes/status-routes.ts";
import { version } from "../version.ts";
import { statusTopic } from "./gateway-topics.ts";
import { statusDesk } from "./status-desk.ts";
import type { OpenWebPart } from "./web-part.ts";

/** How the process is: of whatever roles it has. */
export const openStatusPart: OpenWebPart = (surroundings) => {
  const { clock, gateway, hubStatus, roles, servers, site } = surroundings;
  const desk = statusDesk({
    ...{ clock, version, roles, servers },
    site: site.config.site,
    ...(gateway && { gateway }),
    ...(hubStatus && { hub: hubStatus }),
  });
  return {
    routes: statusRoutes(desk),
    topicNamed: (name) => (name === "status" ? statusTopic(desk, clock) : undefined),
  };
};
