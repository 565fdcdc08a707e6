/** One quantity of one device over time. */
import * as z from "zod";
import { notFound } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import { type History, history } from "../shapes/history.ts";

export interface HistoryWish {
  /** `<site>.<gateway>.<device>`. */
  readonly device: string;
  readonly metric: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** At most so many points in each column, gaps included. */
  readonly points: number;
}

/** One place that the past is read from. */
export interface HistoryDesk {
  /** Undefined where nobody knows such a device, or it never had such a metric. */
  read(wish: HistoryWish, signal: AbortSignal): Promise<History | undefined>;
}

const asked = z.strictObject({
  metric: z.string().min(1).max(256),
  from: z.coerce.number().min(0).max(8.64e15),
  to: z.coerce.number().min(0).max(8.64e15),
  points: z.coerce.number().int().min(2).max(2_000).default(600),
});

export function historyRoutes(desk: HistoryDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/devices/{device}/history", needs: "viewer" },
      readsMuch: true,
      summary: "Values of one metric over time: least, mean and most of each step, gaps as nulls.",
      params: z.strictObject({ device: z.string().max(1_200) }),
      ...{ query: asked, body: nothing, answer: history },
      serve: async ({ params, query, signal }) => {
        const { from: fromMs, metric, points, to: toMs } = query;
        const wish = {
          device: params.device,
          metric,
          points,
          fromMs,
          toMs: Math.max(fromMs, toMs),
        };
        const found = await desk.read(wish, signal);
        if (found === undefined) throw notFound(`${metric} of device ${params.device}`);
        return found;
      },
    }),
  ];
}
