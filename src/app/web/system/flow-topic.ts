/** The flow, told once a second at most while somebody looks: rows `n:…` are nodes, rows `e:…` edges. */
import type { Topic } from "../../../api/live/topic.ts";
import type { Flow } from "../../../api/shapes/flow.ts";
import type { Clock } from "../../../core/clock.ts";
import { lookedAtTopic } from "../looked-at-topic.ts";
import type { BackboneLook } from "./backbone-look.ts";
import type { HubInside } from "./hub-desk.ts";

const everyMs = 1_000;

export function flowTopic(inside: HubInside, look: BackboneLook, clock: Clock): Topic {
  let rows = new Map<string, object>();
  let texts = new Map<string, string>();
  let isLooking = false;
  const run = (touch: (key: string) => void): void => {
    if (isLooking) return;
    isLooking = true;
    void look.refresh().finally(() => {
      isLooking = false;
      const { seen } = look;
      if (!seen) return;
      rows = rowsOf(inside.flowOf(seen));
      const before = texts;
      texts = new Map(Array.from(rows, ([key, row]) => [key, JSON.stringify(row)]));
      for (const [key, text] of texts) if (before.get(key) !== text) touch(key);
      for (const key of before.keys()) if (!texts.has(key)) touch(key);
    });
  };
  const topic = lookedAtTopic("flow", () => rows, clock, [{ everyMs, run }]);
  run((key) => topic.touch(key));
  return topic;
}

function rowsOf({ edges, nodes }: Flow): Map<string, object> {
  const rows = new Map<string, object>();
  for (const node of nodes) rows.set(`n:${node.id}`, node);
  for (const edge of edges) rows.set(`e:${edge.from}>${edge.to}`, edge);
  return rows;
}
