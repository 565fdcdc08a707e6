import { matchesGlob } from "../core/glob.ts";
import type { TapFacts } from "../core/taps.ts";
import { matchesTopic } from "../core/topic-filter.ts";

/** Which lines a tap shows; what is left out shows everything. */
export interface TapFilter {
  /** `*` stands for any characters, `?` for one; nothing fits the gateway itself. */
  readonly device?: string;
  /** The same for the name of one metric: only measurements that have such a one. */
  readonly metric?: string;
  /** MQTT topic filter; where the topic is not known nothing fits. */
  readonly topic?: string;
}

/** True for the lines that are to be shown. Asked once per event, while somebody looks. */
export type WantsLine = (device: string | null, facts: TapFacts) => boolean;

/** Makes the question of a filter. */
export function wantedBy({ device, metric, topic }: TapFilter): WantsLine {
  return (id, facts) => {
    if (device !== undefined && !(id !== null && matchesGlob(device, id))) return false;
    if (metric !== undefined && !namesOf(facts["data"]).some((name) => matchesGlob(metric, name)))
      return false;
    if (topic === undefined) return true;
    const said = facts["topic"];
    return typeof said === "string" && matchesTopic(topic, said);
  };
}

function namesOf(pack: unknown): string[] {
  if (!Array.isArray(pack)) return [];
  return pack.flatMap((record: unknown) =>
    typeof record === "object" && record !== null && "name" in record ? String(record.name) : [],
  );
}
