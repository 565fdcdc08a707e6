/** The way of one event, out of the backbone and of the log of this process's own gateway. */

import { RequestProblem } from "../../api/problem.ts";
import { wayRoutes } from "../../api/routes/way-routes.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Backbone } from "../../stream/backbone.ts";
import { openSiteBackbone } from "../site-backbone.ts";
import { findWay } from "../way-desk.ts";
import type { OpenWebPart } from "./web-surroundings.ts";

/** A search may read whole streams: so many at once, and each so long at most. */
const mostAtOnce = 3;
const longestMs = 10_000;
const busy = {
  status: 503,
  code: "busy",
  title: "others look for the ways of events right now",
  advice: "ask again in a few seconds",
};

export const wayPart: OpenWebPart = (surroundings, atEnd) => {
  const { gateway, questions } = surroundings;
  const backbone = gateway?.backbone ?? openSiteBackbone(surroundings, "sluicegate-console-way");
  if (gateway === undefined) atEnd(() => backbone.close());
  const desk = { connected: () => present(backbone), askGateway: questions["logged"] };
  let looking = 0;
  return {
    routes: wayRoutes({
      async find(id, gone) {
        if (looking === mostAtOnce) throw new RequestProblem(busy);
        looking += 1;
        try {
          const signal = AbortSignal.any([gone, AbortSignal.timeout(longestMs)]);
          return await findWay(id, { ...desk, signal });
        } finally {
          looking -= 1;
        }
      },
    }),
  };
};

/** Whoever looks at a page does not wait for a backbone that is away. */
async function present(backbone: Backbone): ReturnType<Backbone["connected"]> {
  const connection = backbone.connection();
  if (connection) return connection;
  const { state } = backbone;
  const why = state.kind === "connected" ? undefined : state.failure?.message;
  throw new GatewayError("stream.unavailable", why ?? "there is no connection to the backbone");
}
