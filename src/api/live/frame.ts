/** What a browser is sent over one stream of server-sent events. */

/**
 * - `snapshot`: all of a topic, to begin with.
 * - `delta`: what is another since the frame before.
 * - `gap`: frames were left out for a reader that was too slow; a snapshot follows.
 * - `bye`: nothing more comes; the reason says whether to come back.
 */
export type FrameKind = "snapshot" | "delta" | "gap" | "bye";

export interface Frame {
  /** `<boot>-<n>`, rising within a boot of the process; undefined where nothing can go on behind it. */
  readonly id: string | undefined;
  readonly kind: FrameKind;
  readonly topic: string;
  /** JSON, without line breaks. */
  readonly data: string;
}

/** The first line of a frame that has one. */
export function frameId(id: string): string {
  return `id: ${id}\n`;
}

/** As it goes over the wire. */
export function frameText({ data, id, kind, topic }: Frame): string {
  const head = id === undefined ? "" : frameId(id);
  return `${head}event: ${kind}\ndata: {"topic":${JSON.stringify(topic)},"data":${data}}\n\n`;
}

/** Said to a browser before the first frame: how long it waits before it comes again. */
export const streamHead = "retry: 2000\n\n";

/** Keeps proxies from closing a line on which nothing happens. */
export const streamPulse = ": \n\n";
