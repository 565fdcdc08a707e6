/** A history, asked for again as time goes on; what there is stays until the newer one has come. */
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../../../api/problem.ts";
import type { History } from "../../../api/shapes/history.ts";
import { ask } from "../../state/ask.ts";
import { serverNowMs } from "../../state/now.ts";
import { endsOf, type HistoryRange, rangeParts } from "./history-range.ts";
import { devicePath } from "./use-device.ts";

export interface AskedHistory {
  readonly history: History | undefined;
  readonly problem: Problem | undefined;
  /** Asks once more. */
  again(): void;
}

const points = 600;
const leastWaitMs = 5_000;
const mostWaitMs = 120_000;

/** `metric` undefined asks nothing. */
export function useHistory(
  key: string,
  metric: string | undefined,
  range: HistoryRange,
): AskedHistory {
  const question = JSON.stringify([key, metric, rangeParts(range)]);
  const [found, setFound] = useState<{
    readonly question: string;
    readonly history?: History;
    readonly problem?: Problem;
  }>({ question });
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (metric === undefined) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const { fromMs, toMs } = endsOf(range, Math.round(serverNowMs()));
      if (!document.hidden) {
        const query = { metric, from: fromMs, to: toMs, points };
        const answer = await ask<History>(`${devicePath(key)}/history`, query, stop.signal);
        if (stop.signal.aborted) return;
        setFound((last) =>
          answer.ok
            ? { question, history: answer.value }
            : { ...(last.question === question ? last : { question }), problem: answer.problem },
        );
      }
      const waitMs = Math.min(mostWaitMs, Math.max(leastWaitMs, (toMs - fromMs) / points));
      if (range.kind === "last") timer = setTimeout(() => void look(), waitMs);
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [question, round]);

  const isOfThis = found.question === question;
  return {
    history: isOfThis ? found.history : undefined,
    problem: isOfThis ? found.problem : undefined,
    again: () => setRound((last) => last + 1),
  };
}
