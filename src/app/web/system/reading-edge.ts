import type { FlowEdge } from "../../../api/shapes/flow.ts";
import { bytesBehind } from "../../../view/flow/behind.ts";
import type { BackboneSeen } from "./backbone-look.ts";
import { agoMs } from "./stream-rows.ts";

/** How the reader of a stream is, beside how fast the stream grows; empty where nobody knows it. */
export type ReadingEdge = (stream: string, reader: string) => Partial<FlowEdge>;

export function readingEdges(seen: BackboneSeen): ReadingEdge {
  const streams = new Map(seen.streams.map((stream) => [stream.name, stream]));
  const readers = new Map(seen.readers.map((one) => [`${one.name} ${one.stream}`, one]));
  return (stream, reader) => {
    const found = readers.get(`${reader} ${stream}`);
    const its = streams.get(stream);
    if (!found || !its) return {};
    const { behind, waitsSinceMs } = found;
    return {
      perS: seen.rates.perS(stream) ?? null,
      backlog: behind,
      backlogBytes: bytesBehind(its, behind),
      lagMs: behind === 0 ? 0 : waitsSinceMs === undefined ? null : agoMs(seen, waitsSinceMs),
    };
  };
}
