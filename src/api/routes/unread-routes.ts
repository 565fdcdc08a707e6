/** What comes and nobody reads: topics without a profile, paths that profiles pass over. */
import * as z from "zod";
import { nothing, type Route, route } from "../route.ts";
import { type Acceptance, acceptance, type UnreadPage, unreadPage } from "../shapes/device.ts";

export interface AcceptOrder {
  readonly topic: string;
  /** What reads it; left out: a profile that reads all of it, else a new one. */
  readonly profile?: string | undefined;
  /** What would be written is only said. */
  readonly dry: boolean;
}

export interface UnreadDesk {
  unread(signal: AbortSignal): Promise<UnreadPage>;
  accept(order: AcceptOrder): Promise<Acceptance>;
}

const order = z.strictObject({
  topic: z.string().min(1).max(512),
  profile: z.string().max(96).optional(),
  dry: z.boolean().default(false),
});

export function unreadRoutes(desk: UnreadDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/unread", needs: "viewer" },
      summary: "Topics that no profile reads, and paths of messages that profiles pass over.",
      ...{ params: nothing, query: nothing, body: nothing, answer: unreadPage },
      serve: ({ signal }) => desk.unread(signal),
    }),
    route({
      ...{ method: "post", path: "/devices/accept", needs: "admin" },
      summary: "Writes what makes a topic known into the files of the site, and reads them again.",
      ...{ params: nothing, query: nothing, body: order, answer: acceptance },
      serve: ({ body }) => desk.accept(body),
    }),
  ];
}
