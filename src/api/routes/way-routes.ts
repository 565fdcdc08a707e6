/** The way of one event through the system. */
import * as z from "zod";
import { notFound } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import { type Way, way } from "../shapes/way.ts";

/** Where ways are found. */
export interface WayDesk {
  /** Undefined where nobody who could be asked holds anything of that id. */
  find(id: string, signal: AbortSignal): Promise<Way | undefined>;
}

export function wayRoutes(desk: WayDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/events/{id}/way", needs: "viewer" },
      summary:
        "The way of one event, or of an alert, a command or what a person did: when it was where, and by whose clock.",
      params: z.strictObject({ id: z.string().min(1).max(512) }),
      ...{ query: nothing, body: nothing, answer: way },
      serve: async ({ params, signal }) => {
        const found = await desk.find(params.id, signal);
        if (found === undefined) throw notFound(`event ${params.id}`);
        return found;
      },
    }),
  ];
}
