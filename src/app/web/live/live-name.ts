/** `live:normalized?filter=device%3Afreezer-*&per_s=20`: what is to be shown, in the name of its topic. */
import { type LiveStage, liveStage } from "../../../api/shapes/live.ts";

export interface LiveWish {
  readonly stage: LiveStage;
  readonly filter: string;
  /** Rows in a second, at most. */
  readonly perSecond: number;
}

const usualPerSecond = 20;
/** More can nobody read, and a browser should not have to. */
const mostPerSecond = 100;
const mostCharacters = 2_048;

/** Undefined for the name of any other topic. */
export function parseLiveName(name: string): LiveWish | undefined {
  if (!name.startsWith("live:") || name.length > mostCharacters) return undefined;
  const [stageName = "", ...rest] = name.slice("live:".length).split("?");
  const stage = liveStage.safeParse(stageName);
  if (!stage.success) return undefined;
  const query = new URLSearchParams(rest.join("?"));
  const asked = Math.round(Number(query.get("per_s") ?? usualPerSecond));
  return {
    stage: stage.data,
    filter: query.get("filter") ?? "",
    perSecond: Math.min(mostPerSecond, Math.max(1, asked || usualPerSecond)),
  };
}
