import { maxGlobLength } from "../core/glob.ts";
import { tapStages } from "../core/taps.ts";
import { problemOfFilter } from "../core/topic-filter.ts";
import type { TapRequest } from "./tap-stream.ts";

/** Reads the query of `/tap`; gives a sentence for people when it does not fit. */
export function parseTapRequest(query: URLSearchParams): TapRequest | { problem: string } {
  const stage = tapStages.find((known) => known === query.get("stage"));
  if (stage === undefined) return { problem: `stage must be one of ${tapStages.join(", ")}` };
  for (const name of ["device", "metric"]) {
    const pattern = query.get(name);
    if (pattern !== null && (pattern === "" || pattern.length > maxGlobLength))
      return {
        problem: `${name} must be a pattern of 1 to ${maxGlobLength} characters, such as freezer-*`,
      };
  }
  const [device, metric, topic] = ["device", "metric", "topic"].map((name) => query.get(name));
  const problem = typeof topic === "string" ? problemOfFilter(topic) : undefined;
  if (problem !== undefined) return { problem };
  const limit = query.get("limit");
  if (limit !== null && !/^[1-9][0-9]{0,8}$/.test(limit)) {
    return { problem: "limit must be a whole number from 1" };
  }
  return {
    stage,
    ...(typeof device === "string" && { device }),
    ...(typeof metric === "string" && { metric }),
    ...(typeof topic === "string" && { topic }),
    ...(limit !== null && { limit: Number(limit) }),
  };
}
