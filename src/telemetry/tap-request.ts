import { maxGlobLength } from "../core/glob.ts";
import { tapStages } from "./tap-hub.ts";
import type { TapRequest } from "./tap-stream.ts";

/** Reads the query of `/tap`; gives a sentence for people when it does not fit. */
export function parseTapRequest(query: URLSearchParams): TapRequest | { problem: string } {
  const stage = tapStages.find((known) => known === query.get("stage"));
  if (stage === undefined) return { problem: `stage must be one of ${tapStages.join(", ")}` };
  const device = query.get("device");
  if (device !== null && (device === "" || device.length > maxGlobLength)) {
    return {
      problem: `device must be a pattern of 1 to ${maxGlobLength} characters, such as freezer-*`,
    };
  }
  const limit = query.get("limit");
  if (limit !== null && !/^[1-9][0-9]{0,8}$/.test(limit)) {
    return { problem: "limit must be a whole number from 1" };
  }
  return {
    stage,
    ...(device !== null && { device }),
    ...(limit !== null && { limit: Number(limit) }),
  };
}
