/** The time of the server, once a second: the clock of a tablet may be minutes off. */
import { type ReadonlySignal, signal } from "@preact/signals";

/** A difference below this may be the way of the answer. */
const mostUnnoticedMs = 2_000;

const now = signal(Date.now());
let aheadMs = 0;

/** Milliseconds since 1970 on the server; changes once a second while the page is seen. */
export const nowMs: ReadonlySignal<number> = now;

/** The time of the server at this moment, for what is computed and not shown. */
export function serverNowMs(): number {
  return Date.now() + aheadMs;
}

/** Takes note of what the server's clock shows. */
export function noteServerTime(atMs: number): void {
  const otherMs = atMs - Date.now();
  if (Math.abs(otherMs - aheadMs) > mostUnnoticedMs) aheadMs = otherMs;
}

/** Begins to follow the time. */
export function followTime(): void {
  setInterval(() => {
    if (!document.hidden) now.value = serverNowMs();
  }, 1_000);
  document.addEventListener("visibilitychange", () => {
    now.value = serverNowMs();
  });
}
