/** The last hour of the first values of a device, one after another: they are there to be glanced at. */
import { useEffect, useState } from "preact/hooks";
import type { DevicePage } from "../../../api/shapes/device.ts";
import type { History } from "../../../api/shapes/history.ts";
import { ask } from "../../state/ask.ts";
import { serverNowMs } from "../../state/now.ts";
import { devicePath } from "./use-device.ts";

type Sparks = ReadonlyMap<string, readonly (number | null)[]>;

const mostMetrics = 12;
const againAfterMs = 60_000;
const hourMs = 3_600_000;

export function useSparks({ row, values }: DevicePage): Sparks {
  const [sparks, setSparks] = useState<Sparks>(new Map());
  const names = values
    .filter(({ value }) => typeof value === "number")
    .slice(0, mostMetrics)
    .map(({ name }) => name);
  const asked = JSON.stringify(names);

  useEffect(() => {
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      const found = new Map<string, readonly (number | null)[]>();
      for (const metric of names) {
        if (stop.signal.aborted || document.hidden) return;
        const toMs = Math.round(serverNowMs());
        const query = { metric, from: toMs - hourMs, to: toMs, points: 60 };
        const answer = await ask<History>(`${devicePath(row.key)}/history`, query, stop.signal);
        if (!answer.ok) continue;
        found.set(metric, answer.value.mean);
      }
      if (!stop.signal.aborted) setSparks(found);
    };
    void look();
    const timer = setInterval(() => void look(), againAfterMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [row.key, asked]);
  return sparks;
}
