/** The way of one event, out of the backbone and of the log of this process's own gateway. */
import { wayRoutes } from "../../api/routes/way-routes.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Backbone } from "../../stream/backbone.ts";
import { openSiteBackbone } from "../site-backbone.ts";
import { findWay } from "../way-desk.ts";
import type { OpenWebPart } from "./web-part.ts";

export const wayPart: OpenWebPart = (surroundings, atEnd) => {
  const { gateway, questions } = surroundings;
  const backbone = gateway?.backbone ?? openSiteBackbone(surroundings, "sluicegate-console-way");
  if (gateway === undefined) atEnd(() => backbone.close());
  const desk = { connected: () => present(backbone), askGateway: questions["logged"] };
  return { routes: wayRoutes({ find: (id) => findWay(id, desk) }) };
};

/** Whoever looks at a page does not wait for a backbone that is away. */
async function present(backbone: Backbone): ReturnType<Backbone["connected"]> {
  const connection = backbone.connection();
  if (connection) return connection;
  const { state } = backbone;
  const why = state.kind === "connected" ? undefined : state.failure?.message;
  throw new GatewayError("stream.unavailable", why ?? "there is no connection to the backbone");
}
