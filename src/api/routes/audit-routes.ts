/** Who did what. */
import * as z from "zod";
import { nothing, type Route, route } from "../route.ts";
import { type AuditPage, auditPage } from "../shapes/system.ts";

export interface AuditDesk {
  newest(limit: number, before?: string): AuditPage;
}

const mostAtOnce = 500;

export function auditRoutes(desk: AuditDesk): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/audit",
      summary: "Who did what or was refused at this process, the newest first.",
      needs: "admin",
      params: nothing,
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(mostAtOnce).default(100),
        /** Id of the last entry that was seen. */
        before: z.string().max(100).optional(),
      }),
      body: nothing,
      answer: auditPage,
      serve: async ({ query }) => desk.newest(query.limit, query.before),
    }),
  ];
}
