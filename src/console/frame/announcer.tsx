/** Says new alerts to those who do not look: at once where one is critical, and not in a torrent. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { AlertRow } from "../../api/shapes/alert.ts";
import { useTopic } from "../state/live.ts";
import { loudInstances, newlyLoud, sayAlerts } from "./new-alerts.ts";

/** Between two that are said. */
const pauseMs = 5_000;

export function Announcer() {
  const { isLoaded, rows } = useTopic<AlertRow>("alerts");
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  const waiting = useRef<AlertRow[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const saidMs = useRef(0);
  const [said, setSaid] = useState<{ readonly text: string; readonly isUrgent: boolean }>();

  useEffect(() => {
    if (!isLoaded) return;
    // What fires already when the page is opened is to be seen, and not news.
    if (known.current) waiting.current.push(...newlyLoud(known.current, rows));
    known.current = loudInstances(rows);
    if (waiting.current.length === 0 || timer.current !== undefined) return;
    const delayMs = Math.max(0, saidMs.current + pauseMs - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      saidMs.current = Date.now();
      const alerts = waiting.current.splice(0);
      const isUrgent = alerts.some(({ severity }) => severity === "critical");
      setSaid({ text: sayAlerts(alerts), isUrgent });
    }, delayMs);
  }, [isLoaded, rows]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <div class="only-read" data-announcer>
      <div role="status">{said && !said.isUrgent ? said.text : ""}</div>
      <div role="alert">{said?.isUrgent ? said.text : ""}</div>
    </div>
  );
}
