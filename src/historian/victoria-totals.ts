/** What VictoriaMetrics counts, asked in its own language, MetricsQL. */

import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { maskSecrets } from "../core/mask-secrets.ts";
import type { HttpAnswer } from "../http-client/kept-post.ts";
import { type CountedDatabase, dayMs, type Total } from "./sample-totals.ts";
import { isVictoriaTime } from "./victoria-times.ts";

export interface VictoriaTarget {
  readonly url: string;
  readonly database: string;
  /** The wall clock, once for the whole count. */
  readonly nowMs: number;
  ask(path: string): Promise<HttpAnswer>;
}

/** Questions reject with `database.unavailable` or `database.unauthorized`. */
export function victoriaTotals({ ask, database, nowMs, url }: VictoriaTarget): CountedDatabase {
  return {
    isCoarse: true,
    holds: (timeMs) => isVictoriaTime(timeMs, nowMs),
    async totalsOfDay(startMs) {
      // The window is open at its beginning; without `nocache` the end of today is moved to now.
      const endMs = startMs + dayMs - 1;
      const query = `sum by (site, gateway, device) (count_over_time(samples_value{db=${JSON.stringify(database)}}[1d]))`;
      const asked = new URLSearchParams({ query, time: (endMs / 1_000).toFixed(3), nocache: "1" });
      const tried = `cannot count what VictoriaMetrics at ${url} holds`;
      return totalsIn(await victoriaAnswer(tried, ask(`/api/v1/query?${asked}`)));
    },
  };
}

/** The answer as JSON; rejects with `database.unavailable` or `database.unauthorized`. */
export async function victoriaAnswer(tried: string, asking: Promise<HttpAnswer>): Promise<unknown> {
  const { body, status } = await asking.catch((thrown: unknown) => {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new GatewayError("database.unavailable", maskSecrets(`${tried}: ${reason}`));
  });
  if (status === 200)
    try {
      return JSON.parse(body);
    } catch {
      throw new GatewayError("database.unavailable", `${tried}: its answer is no JSON`);
    }
  const code = status === 401 || status === 403 ? "database.unauthorized" : "database.unavailable";
  throw new GatewayError(code, `${tried}: ${status} ${body.slice(0, 300)}`);
}

/** A label that is not there is an empty name. */
function totalsIn(answer: unknown): Map<string, Total> {
  const totals = new Map<string, Total>();
  const data = isObject(answer) ? answer["data"] : undefined;
  const result: unknown = isObject(data) ? data["result"] : undefined;
  for (const row of Array.isArray(result) ? result : []) {
    if (!isObject(row) || !isObject(row["metric"]) || !Array.isArray(row["value"])) continue;
    const { device = "", gateway = "", site = "" } = row["metric"];
    totals.set([site, gateway, device].join("/"), { count: Number(row["value"][1]), sum: 0 });
  }
  return totals;
}
