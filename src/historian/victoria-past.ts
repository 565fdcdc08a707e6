/** Values of one quantity out of VictoriaMetrics, put together there. It keeps no texts. */
import { isObject } from "../core/is-object.ts";
import { type AskPast, numberOf, type PastStep, type PastWish } from "./past-values.ts";
import { readableName, writableName } from "./tag-text.ts";

/** Asks with GET's parameters and gives the parsed answer; rejects as databases do. */
export type AskVictoria = (
  path: string,
  asked: URLSearchParams,
  signal: AbortSignal,
) => Promise<unknown>;

const functions = ["min", "max", "sum", "count"] as const;

export function victoriaPast(database: string, ask: AskVictoria): AskPast {
  return async (wish, signal) => {
    const selector = selectorOf(database, wish);
    const stepMs = Math.max(1, Math.round(wish.stepMs));
    const window = `${stepMs}ms`;
    // A window is behind its end, open at its beginning: so the end is one millisecond before the next.
    const startMs = Math.floor(wish.fromMs / stepMs) * stepMs + stepMs - 1;
    const range = { start: seconds(startMs), end: seconds(wish.toMs + stepMs), step: window };
    const columns = await Promise.all(
      functions.map(async (name) => {
        const outer = name === "count" ? "sum" : name;
        const query = `${outer}(${name}_over_time(${selector}[${window}]))`;
        const asked = new URLSearchParams({ query, ...range, nocache: "1" });
        return valuesIn(await ask("/api/v1/query_range", asked, signal));
      }),
    );
    const [min, max, sum, count] = columns;
    const steps: PastStep[] = [];
    for (const [endMs, least] of min ?? []) {
      const step = { min: least, max: max?.get(endMs), sum: sum?.get(endMs), n: count?.get(endMs) };
      const atMs = endMs - stepMs + 1;
      if (step.max === undefined || step.sum === undefined || !step.n) continue;
      if (atMs + stepMs <= wish.fromMs || atMs >= wish.toMs) continue;
      steps.push({ atMs, min: least, max: step.max, sum: step.sum, count: step.n });
    }
    const asked = new URLSearchParams({
      "match[]": selector,
      start: seconds(wish.fromMs),
      end: seconds(wish.toMs),
    });
    const unit = unitIn(await ask("/api/v1/series", asked, signal));
    return { steps, texts: [], unit, firstMs: undefined };
  };
}

function selectorOf(database: string, { device, metric, origin }: PastWish): string {
  const labels = { db: database, site: origin.site, gateway: origin.gateway, device, metric };
  const written = Object.entries(labels).map(
    ([name, value]) => `${name}=${JSON.stringify(writableName(value))}`,
  );
  return `samples_value{${written.join(",")}}`;
}

function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(3);
}

/** By time: the values of the one series that an aggregation gives. */
function valuesIn(answer: unknown): Map<number, number> {
  const data = isObject(answer) ? answer["data"] : undefined;
  const result: unknown = isObject(data) ? data["result"] : undefined;
  const [series]: readonly unknown[] = Array.isArray(result) ? result : [];
  const values = isObject(series) ? series["values"] : undefined;
  const found = new Map<number, number>();
  for (const pair of Array.isArray(values) ? values : []) {
    if (!Array.isArray(pair)) continue;
    const [time, value] = pair.map(numberOf);
    if (time !== undefined && value !== undefined) found.set(Math.round(time * 1_000), value);
  }
  return found;
}

function unitIn(answer: unknown): string | undefined {
  const data = isObject(answer) ? answer["data"] : undefined;
  for (const series of Array.isArray(data) ? data : []) {
    const unit: unknown = isObject(series) ? series["unit"] : undefined;
    if (typeof unit === "string" && unit !== "") return readableName(unit);
  }
  return undefined;
}
