import * as z from "zod";
import { openApiOf } from "../openapi.ts";
import { nothing, type Route, route } from "../route.ts";

/** All routes, and one more that describes them and itself. */
export function withDocument(routes: readonly Route[], version: string): readonly Route[] {
  const all = [
    ...routes,
    route({
      method: "get",
      path: "/openapi.json",
      summary: "This document.",
      needs: "anybody",
      params: nothing,
      query: nothing,
      body: nothing,
      answer: z.record(z.string(), z.unknown()),
      serve: async () => document(),
    }),
  ];
  let made: Readonly<Record<string, unknown>> | undefined;
  const document = (): Readonly<Record<string, unknown>> => {
    made ??= openApiOf(all, version);
    return made;
  };
  return all;
}
