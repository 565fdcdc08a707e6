/** Devices: all of them in rows, one of them whole, and what it said last. */
import * as z from "zod";
import { notFound } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import {
  type DeviceEvent,
  type DevicePage,
  type DeviceRow,
  deviceEvents,
  deviceList,
  devicePage,
  deviceState,
} from "../shapes/device.ts";

/** Which devices are asked for; all that is given must hold. */
export interface DeviceWish {
  /** A part of the name or of the profile, or a pattern with `*`. */
  readonly filter?: string | undefined;
  readonly state?: DeviceRow["state"] | undefined;
  readonly profile?: string | undefined;
  /** Only those that somebody should look at: not ok, with an alert, or with messages that did not fit. */
  readonly attention?: boolean | undefined;
  /** The key of the last one that was given before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface DeviceDesk {
  /** By key. */
  list(wish: DeviceWish): Promise<{
    readonly devices: DeviceRow[];
    readonly total: number;
    readonly more: boolean;
  }>;
  /** Undefined where nobody knows such a device. */
  page(key: string): Promise<DevicePage | undefined>;
  /** The latest first; undefined where nobody knows such a device. */
  events(
    key: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly events: DeviceEvent[]; readonly more: boolean } | undefined>;
}

const mostRows = 10_000;
const mostEvents = 200;
const deviceKey = z.strictObject({ device: z.string().max(1_200) });
const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const wish = z.strictObject({
  filter: z.string().max(256).optional(),
  state: deviceState.optional(),
  profile: z.string().max(256).optional(),
  attention: flag.optional(),
  after: z.string().max(1_200).optional(),
  limit: z.coerce.number().int().min(1).max(mostRows).default(1_000),
});

const most = z.strictObject({
  limit: z.coerce.number().int().min(1).max(mostEvents).default(100),
});

export function deviceRoutes(desk: DeviceDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/devices", needs: "viewer" },
      summary: "Devices with their last values, by key.",
      ...{ params: nothing, query: wish, body: nothing, answer: deviceList },
      serve: ({ query }) => desk.list(query),
    }),
    route({
      ...{ method: "get", path: "/devices/{device}", needs: "viewer" },
      summary: "Everything that is known of one device.",
      ...{ params: deviceKey, query: nothing, body: nothing, answer: devicePage },
      serve: async ({ params }) => {
        const page = await desk.page(params.device);
        if (page === undefined) throw notFound(`device ${params.device}`);
        return page;
      },
    }),
    route({
      ...{ method: "get", path: "/devices/{device}/events", needs: "viewer" },
      readsMuch: true,
      summary: "The last events of one device, the latest first.",
      ...{ params: deviceKey, query: most, body: nothing, answer: deviceEvents },
      serve: async ({ params, query, signal }) => {
        const found = await desk.events(params.device, query.limit, signal);
        if (found === undefined) throw notFound(`device ${params.device}`);
        return found;
      },
    }),
  ];
}
