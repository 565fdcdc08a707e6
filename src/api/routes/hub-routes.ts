/** The inside of the hub: its streams, who reads them, who is told, and what goes from where to where. */
import * as z from "zod";
import { nothing, type Route, route } from "../route.ts";
import { type Flow, flow } from "../shapes/flow.ts";
import {
  type NoticesPage,
  noticesPage,
  type ProcessorRow,
  processorRow,
  type StreamRow,
  streamRow,
} from "../shapes/system.ts";

export interface HubDesk {
  streams(): Promise<StreamRow[]>;
  processors(): Promise<ProcessorRow[]>;
  flow(): Promise<Flow>;
  notices(): Promise<NoticesPage>;
  /** Tells a receiver after all; gives how that went, in words. */
  resend(place: number, by: string): Promise<{ readonly told: boolean; readonly text: string }>;
}

const plain = { params: nothing, query: nothing, body: nothing } as const;

export function hubRoutes(desk: HubDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/streams", needs: "viewer", ...plain },
      summary: "Streams of the backbone, who reads them, and what is not as it should be.",
      answer: z.strictObject({ streams: z.array(streamRow) }),
      serve: async () => ({ streams: await desk.streams() }),
    }),
    route({
      ...{ method: "get", path: "/processors", needs: "viewer", ...plain },
      summary: "Who processes what, and how far they are.",
      answer: z.strictObject({ processors: z.array(processorRow) }),
      serve: async () => ({ processors: await desk.processors() }),
    }),
    route({
      ...{ method: "get", path: "/flow", needs: "viewer", ...plain },
      summary: "The whole as it runs, as nodes and edges.",
      answer: flow,
      serve: () => desk.flow(),
    }),
    route({
      ...{ method: "get", path: "/notices", needs: "viewer", ...plain },
      summary: "What receivers of alerts were told, and what was given up.",
      answer: noticesPage,
      serve: () => desk.notices(),
    }),
    route({
      ...{ method: "post", path: "/notices/{place}/resend", needs: "operator" },
      summary: "Tells a receiver after all of what was given up.",
      params: z.strictObject({ place: z.coerce.number().int().min(1) }),
      ...{ query: nothing, body: nothing },
      answer: z.strictObject({ told: z.boolean(), text: z.string() }),
      serve: ({ params, principal }) => desk.resend(params.place, principal?.name ?? ""),
    }),
  ];
}
