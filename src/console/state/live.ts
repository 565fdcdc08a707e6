/** The one stream of this browser and what it tells, for screens: `useTopic("devices")`. */
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { LiveStore } from "./live-store.ts";
import type { RowMap } from "./row-map.ts";
import { checkSession } from "./session.ts";
import { SharedStream } from "./shared-stream.ts";
import { type LineState, StreamLine } from "./stream-line.ts";

const store = new LiveStore((show) => {
  // A page in the background is not drawn, yet its title tells of alerts.
  if (document.hidden) setTimeout(show, 1_000);
  else requestAnimationFrame(show);
});

const stream = signal<SharedStream | undefined>(undefined);
const lostSinceMs = signal<number | undefined>(undefined);

/** A line that is lost for longer is told as such: shorter ones are nothing to worry about. */
const staleAfterMs = 8_000;

/** How the line to the server is: what is shown is `stale` where it was lost some seconds ago. */
export const lineState = computed<LineState>(() => stream.value?.state.value ?? "connecting");
export const staleSinceMs = signal<number | undefined>(undefined);

/** Opens the stream; it comes back by itself whenever it is lost, and when the page is shown again. */
export function followLive(): () => void {
  open();
  const timer = setInterval(() => {
    stream.peek()?.tick();
    noteState();
  }, 500);
  const show = (): void => {
    if (!stream.peek()) open();
  };
  addEventListener("pagehide", close);
  addEventListener("pageshow", show);
  return () => {
    clearInterval(timer);
    removeEventListener("pagehide", close);
    removeEventListener("pageshow", show);
    close();
  };
}

/** Rows of a topic as they are now. */
export interface LiveRows<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  /** False until all there is has come. */
  readonly isLoaded: boolean;
}

/**
 * Follows a topic while the component is shown; `Row` is what the server's schema says of it. Nothing
 * is followed where the name is undefined, and nothing new comes.
 */
export function useTopic<Row extends object>(name: string | undefined): LiveRows<Row> {
  const open = stream.value;
  useEffect(() => (name === undefined ? undefined : open?.want(name)), [name, open]);
  const topic = useMemo(() => (name === undefined ? nothing : store.topic(name)), [name]);
  // What the rows are is the server's promise, which it holds itself to by schema.
  const rows = topic.rows.value as ReadonlyMap<string, Row>;
  return { rows, isLoaded: topic.isLoaded.value };
}

const nothing = { rows: signal<RowMap>(new Map()), isLoaded: signal(false) };

function open(): void {
  stream.value = new SharedStream(
    {
      channel: new BroadcastChannel("sluicegate-stream"),
      locks: window.isSecureContext ? navigator.locks : undefined,
      nowMs: () => Date.now(),
      isVisible: () => !document.hidden,
      openLine: (topics, after, events) => new StreamLine(topics, after, events),
      checkSession,
    },
    store,
  );
}

/** What was told is of somebody who looks no more. */
function close(): void {
  stream.peek()?.stop();
  stream.value = undefined;
  store.keepOnly(new Set());
}

function noteState(): void {
  const isLost = lineState.peek() !== "open";
  if (!isLost) lostSinceMs.value = undefined;
  else lostSinceMs.value ??= Date.now();
  const since = lostSinceMs.peek();
  const isStale = since !== undefined && Date.now() - since >= staleAfterMs;
  staleSinceMs.value = isStale ? stream.peek()?.heardRowsMs || since : undefined;
}
